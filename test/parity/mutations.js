// @ts-check
/**
 * Small breakages, each of which the test suite must notice. `from` stands exactly once in its file.
 * @typedef {{ area: string, file: string, what: string, from: string, to: string }} Mutation
 */

/** @param {string} area @param {string} file @param {[what: string, from: string, to: string][]} changes @returns {Mutation[]} */
const inFile = (area, file, changes) => changes.map(([what, from, to]) => ({ area, file, what, from, to }))

const matching = [
  ...inFile('matching', 'src/matching/thresholds.ts', [
    ['no cap at 1 - 1e-10', 'MAX_THRESHOLD = 1 - 1e-10', 'MAX_THRESHOLD = 1'],
    ['thresholds in the order given', 'least[one] - least[other]', 'one - other'],
  ]),
  ...inFile('matching', 'src/matching/greedy.ts', [
    [
      'IoU equal to the threshold does not match',
      'ascending[reaches] <= similarity',
      'ascending[reaches] < similarity',
    ],
    ['ignored ground truths first', 'ignores[gt] !== turn', 'ignores[gt] === turn'],
    ['a crowd is used up', 'crowds[gt] === 1 ? open : open & ~taken[gt]', 'open & ~taken[gt]'],
    ['ground truths are never used up', 'taken[gt] |= here', 'taken[gt] |= 0'],
    ['a crowd is regular', 'crowds[gt] === 1 || areas[gt] < lo', 'areas[gt] < lo'],
    ['upper border of a range outside it', 'areas[gt] > hi ? 1 : 0', 'areas[gt] >= hi ? 1 : 0'],
    ['id 0 matches like any other', 'if (gtIds[row] === 0) greedy.zeroId = gt', ''],
    ['a detection takes several ground truths', 'pairBits[pair] & ~won', 'pairBits[pair]'],
  ]),
  ...inFile('matching', 'src/matching/pairs.ts', [
    ['equal IoU: the earlier ground truth', 'gts[j - 1] < gt)', 'gts[j - 1] > gt)'],
    ['the same among many pairs', 'gts[right] > leftGts[left]', 'gts[right] < leftGts[left]'],
    ['the least similar first', 'similarities[j - 1] < similarity ||', 'similarities[j - 1] > similarity ||'],
  ]),
  ...inFile('matching', 'src/matching/overlaps.ts', [
    [
      'a crowd box is united',
      'crowds[gt] === 1 ? area : area + areas[gt] - shared',
      'area + areas[gt] - shared',
    ],
    ['sums in another order', 'area + areas[gt] - shared)', 'area - shared + areas[gt])'],
  ]),
  ...inFile('matching', 'src/matching/mask-pairs.ts', [
    ['pairs at the lowest threshold are left out', 'if (similarity < least)', 'if (similarity <= least)'],
  ]),
  ...inFile('matching', 'src/matching/mask-candidates.ts', [
    ['a crowd mask is united', 'crowd === 1 ? dtArea :', 'false ? dtArea :'],
    ['the wrong area under a crowd', '=== 1 ? dtArea', '=== 1 ? gtArea'],
    [
      'masks of just enough pixels are not compared',
      'Math.min(width * height, area, gtArea)',
      'Math.min(width * height, area, gtArea) - 1',
    ],
  ]),
  ...inFile('matching', 'kernels/candidates.ts', [
    ['a crowd is united', 'load<u8>(crowds + gt) == 1 ? area :', 'false ? area :'],
    ['masks of just enough pixels are not compared', 'most / united < least', 'most / united <= least'],
    [
      'neighbours of one row are left out',
      'const FLIP: v128 = i32x4(0, 0, -1, -1)',
      'const FLIP: v128 = i32x4(0, 0, 0, 0)',
    ],
    [
      'the last column of bins is left out',
      'c <= c1; c++) {\n      const bin',
      'c < c1; c++) {\n      const bin',
    ],
    [
      'neighbours are found in each bin',
      'c || rowOf(max(y0, load<i32>(other, 4))) != r) continue',
      'c || rowOf(max(y0, load<i32>(other, 4))) != r) {}',
    ],
    ['a piece begins a detection late', 'nextDt = dt\n', 'nextDt = dt + 1\n'],
  ]),
  ...inFile('matching', 'src/matching/grid.ts', [
    [
      'neighbours of one row are left out',
      'bottoms[i] <= top) continue\n    if',
      'bottoms[i] <= top + 1) continue\n    if',
    ],
    ['the last column of bins is left out', 'column <= lastColumn', 'column < lastColumn'],
    ['neighbours are found in each bin', 'lefts[i])) !== column) continue', 'lefts[i])) !== column) {}'],
    ['no coarser grid', 'if (sum > most) return false', ''],
  ]),
  ...inFile('matching', 'src/matching/order.ts', [
    ['equal scores change places', 'scores[j - 1] < score', 'scores[j - 1] <= score'],
    ['-0 ranks below 0', 'scores[from + i] + 0', 'scores[from + i]'],
    ['negative scores ascend', 'const flip = high >>> 31 ? 0 : -1', 'const flip = -1'],
  ]),
  ...inFile('matching', 'src/matching/plain-cells.ts', [
    ['one detection too few', 'Math.min(to, from + cap)', 'Math.min(to, from + cap - 1)'],
    ['class-agnostic lists in file order', 'sortByKey(rows, categories, categoryCount)', 'rows'],
  ]),
  ...inFile('matching', 'src/matching/areas.ts', [
    ['detections on the upper border are outside', 'area > his[a]', 'area >= his[a]'],
    [
      'ground truths on the lower border do not count',
      'gtAreas[row] >= areas[a].lo',
      'gtAreas[row] > areas[a].lo',
    ],
    ['crowds count as ground truths', 'if (gtCrowds[row] === 1) continue', ''],
  ]),
]

const accumulation = [
  ...inFile('accumulation', 'src/metrics/coco.ts', [
    ['a cap keeps one more', 'maxDets[cap] <= dt - from', 'maxDets[cap] < dt - from'],
    [
      'recall thresholds that are not reached',
      'stopped ? 0 : curves.precision',
      'stopped ? -1 : curves.precision',
    ],
  ]),
  ...inFile('accumulation', 'src/metrics/curves.ts', [
    ['no 2^-52 in precision', ' + Number.EPSILON)', ')'],
    [
      'a recall threshold needs one more',
      'needed[a * R + reached] <= truePositives',
      'needed[a * R + reached] < truePositives',
    ],
    ['no envelope', 'if (precision[r] > precision[r - 1]) precision[r - 1] = precision[r]', ''],
    [
      'recall compared by multiplication',
      'while (count > 0 && (count - 1) / regular >= threshold) count--',
      '',
    ],
    [
      'the score of the last, not the first',
      'curves.reached[curve] = reached\n  if',
      'curves.scores[first + Math.max(0, reached - 1)] = score\n  curves.reached[curve] = reached\n  if',
    ],
    [
      'ignored detections are false positives',
      'before - explained[curve]',
      'before - curves.truePositives[curve]',
    ],
  ]),
  ...inFile('accumulation', 'src/data/config.ts', [
    ['thresholds as 0.5 + 0.05 i', '0.5 + i * ((0.95 - 0.5) / 9)', '0.5 + 0.05 * i'],
    ['thresholds as k / 20', '0.5 + i * ((0.95 - 0.5) / 9)', '(10 + i) / 20'],
    ['recall grid as i / 100', '1 : i * 0.01', '1 : i / 100'],
    ['small ends at 1023', 'hi: 1024', 'hi: 1023'],
  ]),
  ...inFile('accumulation', 'src/metrics/numpy-mean.ts', [
    ['sums in one piece', 'BUFFER_LENGTH = 8192', 'BUFFER_LENGTH = 2 ** 40'],
    ['blocks of 64', 'count > 128', 'count > 64'],
    ['eight sums in another order', 's0 + s1 + (s2 + s3)', 's0 + (s1 + (s2 + s3))'],
  ]),
  ...inFile('accumulation', 'src/metrics/coco-summary.ts', [
    ['AP with the largest cap, not with 100', "AP(100, 'all', null)", "AP(third, 'all', null)"],
  ]),
]

const ingest = [
  ...inFile('ingest', 'src/ingest/link-geometry.ts', [
    [
      'areas of masks although there are boxes',
      'boxFile ? areasOf(boxes, hasBox)',
      'boxFile && iouType === "bbox" ? areasOf(boxes, hasBox)',
    ],
    [
      'a box in any record makes it a file of boxes',
      'dt.count > 0 && dt.hasBox.values[0] === 1',
      'dt.count > 0 && dt.hasBox.values[dt.count - 1] === 1',
    ],
  ]),
  ...inFile('ingest', 'src/ingest/ground-truth.ts', [
    ['iscrowd is ignore', 'crowd = cursor.flag(', 'ignore = cursor.flag('],
  ]),
  ...inFile('ingest', 'src/ingest/joined-parts.ts', [
    ['a part that began elsewhere counts', 'if (start !== this.#next) return false', ''],
    ['a part that read other masks counts', 'withMasks === this.#withMasks', 'true'],
    ['lists may stand twice', 'fitting.lists.some(list => this.#lists.has(list))', 'false'],
  ]),
  ...inFile('ingest', 'src/ingest/records.ts', [
    [
      'text behind the end of a part is not looked at',
      "document.state === 'stopped') return",
      'document.over) return',
    ],
  ]),
  ...inFile('ingest', 'src/ingest/ground-truth.ts', [
    [
      'the first record of a part keeps its mask',
      'if (this.#isLater && !this.#wantMasks) segmentation.reset()',
      '',
    ],
  ]),
  ...inFile('ingest', 'src/ingest/ground-truth.ts', [
    ['names of several bytes a character are cut by characters', 'all.length === bytes.length', 'true'],
  ]),
  ...inFile('ingest', 'src/ingest/document.ts', [
    [
      'what stands behind the cut of a file is left out',
      "this.#section === (this.#handlers.cut ?? '') ?",
      'true ?',
    ],
  ]),
  ...inFile('ingest', 'src/ingest/cursor.ts', [
    ['what an error quotes ends with the bytes at hand', 'this.at + SHOWN_BYTES >= this.end', 'false'],
  ]),
  ...inFile('ingest', 'src/ingest/segmentation.ts', [
    ['an odd number at the end stays', 'masks.dropCoordinate()', ''],
  ]),
]

const geometry = [
  ...inFile('rasteriser', 'src/geometry/polygons.ts', [
    ['vertices rounded down', 'Math.trunc(SCALE * px + 0.5)', 'Math.floor(SCALE * px + 0.5)'],
    ['vertices rounded half to even', 'Math.trunc(SCALE * px + 0.5)', 'Math.round(SCALE * px)'],
    ['rows cut a fifth lower', '(v + 2) / SCALE', '(v + 3) / SCALE'],
    ['rows end one early', 'Math.min(row, height)', 'Math.min(row, height - 1)'],
    ['columns cut a fifth to the right', 'SCALE * c + 2 - ax', 'SCALE * c + 3 - ax'],
    ['the lower of two grid rows', 'Math.min(v, next)', 'Math.max(v, next)'],
    [
      'ties by exact integers',
      'const v = Math.floor(ay + slope * t + 0.5)',
      'const v = ay + Math.floor((2 * (by - ay) * t + dx) / (2 * dx))',
    ],
    ['the last column left out', 'Math.min(width - 1,', 'Math.min(width - 2,'],
    ['steep edges stop a step early', 'ay + t - 1, height', 'ay + t - 2, height'],
    ['toggles do not cancel', 'if (n > 0 && spans[n - 1] === sorted[i]) n--', 'if (n < 0) n--'],
  ]),
  ...inFile('rasteriser', 'src/geometry/spans.ts', [
    ['parts that touch are not joined', 'start <= out[n - 1]', 'start < out[n - 1]'],
    ['the union forgets the longer', 'if (end > out[n - 1]) out[n - 1] = end', 'out[n - 1] = end'],
    ['shared pixels of the first run only', 'if (aEnd <= bEnd) i += 2', 'if (aEnd <= bEnd) i += 4'],
    ['bounds of runs over several columns', 'if (bottom > height) {', 'if (bottom > 2 * height) {'],
  ]),
  ...inFile('RLE codec', 'src/geometry/rle.ts', [
    ['differences from the third count', 'if (n > 2) value +=', 'if (n > 1) value +='],
    ['no sign', 'code & 16 ? value |', 'code & 64 ? value |'],
    ['the encoder from the third count', 'i > 2 ? counts[i]', 'i > 1 ? counts[i]'],
    ['empty runs cut a span in two', 'values[at - 1] === position) values', 'values[at - 1] < 0) values'],
    ['background for foreground', 'for (let i = 1; i < n; i += 2)', 'for (let i = 2; i < n; i += 2)'],
    ['counts that stop short are taken', 'if (position !== pixels)', 'if (position > pixels)'],
  ]),
]

const kernels = [
  ...inFile('kernels', 'kernels/masks/measure-string.ts', [
    [
      'differences from the third count',
      'if (x > width) return false\n    }\n    if (isFirst) {\n      skipped = 0\n',
      'if (x > width) return false\n    }\n    if (isFirst) {\n',
    ],
    ['no sign', '(group & 16) != 0 ? value | (-1 << (5 * groups)) : value', 'value'],
    ['no sign of small numbers', '<i32>(code << 27) >> 27', '<i32>code'],
    ['counts that stop short are taken', 'if (x != width || y != 0) return false', ''],
    ['a run over several columns is as high as its ends', 'y0 = 0\n        y1 = height\n', ''],
    ['bounds end a column late', 'endY == 0 ? endX : endX + 1', 'endX + 1'],
    ['every other row of blocks is looked at', 'extract_lane_s(lowest, 1)', 'extract_lane_s(lowest, 0)'],
  ]),
  ...inFile('kernels', 'kernels/masks/blocks.ts', [
    [
      'runs without a pixel in blocks',
      'i16x8.gt_s(endsHere, startsHere)',
      'i16x8.ge_s(endsHere, startsHere)',
    ],
  ]),
  ...inFile('kernels', 'kernels/masks/strings.ts', [
    [
      'differences from the third count, in spans',
      'position += skipped\n    if (isFirst) {\n      skipped = 0\n',
      'position += skipped\n    if (isFirst) {\n',
    ],
    [
      'spans of blocks a column early',
      'position - (position % height) + height',
      'position - (position % height)',
    ],
    ['words of blocks a row low', '(BLOCK_RUNS + (i << 1)) - base', '(BLOCK_RUNS + (i << 1)) - base + 1'],
  ]),
  ...inFile('kernels', 'kernels/masks/edges.ts', [
    ['vertices rounded down', 'return Math.trunc(', 'return Math.floor('],
    [
      'the lower of two grid rows',
      'rowOf(v < next ? v : next, height)',
      'rowOf(v > next ? v : next, height)',
    ],
    ['steep edges stop a step early', 'stepPast(ax, slope, dy, cut) - 1', 'stepPast(ax, slope, dy, cut) - 2'],
    ['the rule is never asked', 'return <u32>line +', 'return false && <u32>line +'],
    ['falling lines are taken at the first of the two points', 'select<f64>(2, 3, slope >= 0)', '2'],
    ['steep lines are taken at the cut itself', 'select<f64>(2.5, select', 'select<f64>(2, select'],
  ]),
  ...inFile('kernels', 'kernels/masks/crossings.ts', [
    ['long outlines are left unsorted', 'high = j + 4\n', 'return\n'],
    ['rows above the picture', 'max(0, min(height, rowOfLine(point)))', 'min(height, rowOfLine(point))'],
    ['edges beyond reach are walked', 'inReach && isWalked()', 'isWalked()'],
  ]),
  ...inFile('kernels', 'kernels/masks/word-polygons.ts', [
    ['vertices out of the picture', 'if (lastRow > height ||', 'if ('],
    ['polygons higher than a word', ' || lastRow - wordsBase >= <i32>WORD_ROWS', ''],
    ['parts flip each other', 'load<u64>(out + at) | load', 'load<u64>(out + at) ^ load'],
  ]),
  ...inFile('kernels', 'kernels/masks/columns.ts', [
    ['bounds end with the word', 'base + 64 - <u32>clz(any)', 'base + 64'],
    ['words are moved the wrong way', 'const swap = aBase > bBase', 'const swap = aBase < bBase'],
    [
      'only the first run of a column is shared',
      'load<u32>(at) < bottom; at += 8',
      'load<u32>(at) < bottom; at = to',
    ],
  ]),
  ...inFile('kernels', 'kernels/masks/polygons.ts', [
    ['toggles do not cancel', 'load<u32>(n - 4) == position) n -= 4', 'n < at) n -= 4'],
  ]),
  ...inFile('kernels', 'kernels/masks/spans.ts', [
    ['parts that touch are not joined', 'start <= load<u32>(to - 4)', 'start < load<u32>(to - 4)'],
    ['bounds of runs over several columns', 'end - column > height', 'end - column > 2 * height'],
    [
      'shared pixels from a run too late',
      'firstEndingAfter(a, aEnd, lo)',
      'firstEndingAfter(a, aEnd, lo + 1) + 8',
    ],
  ]),
  ...inFile('kernels', 'kernels/masks.ts', [
    [
      'masks of other sizes share pixels',
      'if (load<u64>(aSize) != load<u64>(load<u32>(second, 12) + (g << 3))) continue',
      '',
    ],
  ]),
  ...inFile('kernels', 'kernels/json.ts', [
    ['numbers of 16 digits by one division', 'whole + scale <= 15', 'whole + scale <= 17'],
    ['long numbers without the rest', 'const result = quotient + rest', 'const result = quotient'],
    ['short numbers lose their fraction', '+ digitsOf(fraction, scale)', '+ 0'],
    ['the sign is lost', 'value = negative ? -positive : positive', 'value = positive'],
    ['quotes end at an escaped one', 'at += 2', 'at += 1'],
    ['strings have no controls', 'i8x16.lt_u(bytes, i8x16.splat(32))', 'i8x16.lt_u(bytes, i8x16.splat(1))'],
    ['lists are not passed over', 'v128.or(bytes, i8x16.splat(32))', 'v128.or(bytes, i8x16.splat(0))'],
  ]),
  ...inFile('kernels', 'kernels/scan.ts', [
    ['a record without a box keeps the last one', 'v128.store(boxes + (row << 5), zeros)', ''],
    [
      'an area that is missing is 0',
      'store<f64>(areas + (row << 3), NaN)',
      'store<f64>(areas + (row << 3), 0)',
    ],
    ['crowds are ignored twice', 'if (wanted & IGNORE && load<u8>(crowds + row))', 'if (false)'],
    [
      'an image without a size has that of another',
      'if (wanted & IN_MASKS) beginMask',
      'if (wanted & MASK) beginMask',
    ],
    ['the names of images are not kept', 'if (wanted & IN_MASKS) keepMask', 'if (wanted & MASK) keepMask'],
  ]),
  ...inFile('kernels', 'kernels/segmentation.ts', [
    ['strings of a scan begin at its own first byte', 'let byte = bytesBefore', 'let byte = 0'],
    ['parts of a scan begin at its own first part', 'let part = partsBefore', 'let part = 0'],
    ['points of a scan begin at its own first point', 'let point = pointsBefore', 'let point = 0'],
    ['height for width', 'at = readSide(at + 1, size + 4)', 'at = readSide(at + 1, size)'],
    ['the second mask writes over the first', 'textEnd = textAt', 'textEnd = text'],
    [
      'width for height',
      'readImageSide(from, sizes + (row << 3))',
      'readImageSide(from, sizes + (row << 3) + 4)',
    ],
    ['polygons of two points', 'numbers < 6', 'numbers < 4'],
    ['points of a record that is left', 'coordinatesAt = coordinatesEnd', 'coordinatesAt = coordinatesAt'],
  ]),
  ...inFile('kernels', 'kernels/categories/overlaps.ts', [
    ['a crowd box is united', 'isCrowd ? area : area', 'false ? area : area'],
    ['the last row of bins is left out', 'row <= lastRow', 'row < lastRow'],
    ['pairs are found in each bin', '(corner, 1)) !== row) continue', '(corner, 1)) !== row) {}'],
  ]),
  ...inFile('kernels', 'kernels/categories/grid.ts', [
    ['positions beyond the grid wrap around', '<f64>count ? <i32>at : count - 1', '<f64>count ? <i32>at : 0'],
  ]),
  ...inFile('kernels', 'kernels/categories/preference.ts', [
    ['equal IoU: the earlier ground truth', 'similarity && g > gt', 'similarity && g < gt'],
    [
      'what is merged is out of order',
      'if (precedes(other, otherGt, similarity, gt))',
      'if (other > similarity)',
    ],
  ]),
  ...inFile('kernels', 'kernels/categories/greedy.ts', [
    ['a crowd is used up', '& CROWD ? open : open & ~used', '& CROWD ? open & ~used : open & ~used'],
    ['ignored ground truths first', '!== turn) {', '=== turn) {'],
    ['a similarity at a threshold misses it', '<= similarity) count++', '< similarity) count++'],
    [
      'id 0 matches like any other',
      'const matched = wins & ~load<u32>(wonZeroId + 4 * i)',
      'const matched = wins',
    ],
    ['a cap keeps one more', '<= dt - dtFrom) cap++', '< dt - dtFrom) cap++'],
    ['ranges that differ share a matching', 'if (!uniform || !settled) match', 'if (!settled) match'],
    ['ground truths on the lower border do not count', 'area >= load<f64>(los', 'area > load<f64>(los'],
  ]),
  ...inFile('kernels', 'kernels/categories/ranking.ts', [
    ['-0 ranks below 0', 'score === 0 ? 0 : reinterpret<u64>(score)', 'reinterpret<u64>(score)'],
    [
      'scores that share their high half stay as they come',
      'if (sorted) return\n  if (count <= INSERTION_MAX) insert',
      'if (count > 0) return\n  if (count <= INSERTION_MAX) insert',
    ],
    ['equal scores change places', '>= score) break', '> score) break'],
  ]),
  ...inFile('kernels', 'kernels/columns.ts', [
    [
      '-0 becomes 0',
      'v128.or(v128.or(changed, large), i64x2.eq(values, negativeZero))',
      'v128.or(changed, large)',
    ],
    ['values come as differences', 'if (isSteps) turnIntoSteps', 'turnIntoSteps'],
    ['a step has no sign', 'f64x2.add(f64x2.add(stepSize, stepSize), one)', 'f64x2.add(stepSize, one)'],
    [
      'steps begin anew with each call',
      'let last = f64x2.splat(before)\n  let least',
      'let last = f64x2.splat(0)\n  let least',
    ],
    ['the last of an odd number is wrong', 'store<f64>(entries + 8 * n,', 'store<f64>(entries + 8 * n + 8,'],
    ['numbers of four bytes are long', 'if (size > 4)', 'if (size > 5)'],
    ['large numbers are whole', 'v128.or(changed, large)', 'changed'],
    [
      '0 below 0 is an area of 0',
      'reinterpret<u64>(product) === reinterpret<u64>(entry)',
      'product === entry',
    ],
    ['another side', 'boxes + 8 * side', 'boxes + 8 * (3 - side)'],
  ]),
  ...inFile('matching', 'kernels/scenes/order.ts', [
    ['negative scores like positive ones', 'bits >> 63 ? bits :', 'false ? bits :'],
    ['-0 apart from 0', 'score === 0 ? 0.0 : score', 'score'],
    ['the lower halves do not matter', 'scoreAt(sorted, i) > scoreAt(sorted, i - 1)', 'false'],
    ['what is settled begins too late', 'while (first > 0 &&', 'while (first > 1 &&'],
    ['equal scores change places', 'scoreAt(sorted, j - 1) < score)', 'scoreAt(sorted, j - 1) <= score)'],
    ['the order of an odd number of passes is lost', 'if (own !== home)', 'if (false)'],
    ['a pass too few', 'bits === 8 ? 4 : LONG_PASSES', 'bits === 8 ? 3 : LONG_PASSES'],
  ]),
  ...inFile('matching', 'kernels/scenes/ranking.ts', [
    ['ties end early', 'if (to - from > 1)', 'if (to - from > 2)'],
    ['scores by rank', 'load<f64>(scores + (row << 3))', 'load<f64>(scores + (i << 3))'],
    ['ranks from 1', 'put(ranks, at(dtRows, i), i - from)', 'put(ranks, at(dtRows, i), i - from + 1)'],
  ]),
  ...inFile('matching', 'kernels/scenes/ties.ts', [
    ['the worst first', 'return best > otherBest', 'return best < otherBest'],
    ['ties of boxes by x, y and width', 'side < KEY_BYTES;', 'side < KEY_BYTES - 8;'],
    ['the later row first', 'at(rows, one) < at(rows, other)', 'at(rows, one) > at(rows, other)'],
    ['stretches of two stay', 'live - first < 2', 'live - first < 3'],
    ['offsets as they were', 'put(offsetsOut, next, end)', ''],
    ['equal ground truths the other way round', 'precedes(gt, at(', '!precedes(gt, at('],
  ]),
  ...inFile('matching', 'kernels/scenes/pairs.ts', [
    ['pairs of other classes', '!agnostic && at(gtCategories, gt) !== category', 'false'],
    [
      'the earlier ground truth first',
      'category === otherCategory ? one > other',
      'category === otherCategory ? one < other',
    ],
    ['the lower class first', ': category > otherCategory', ': category < otherCategory'],
    ['ties by x and y alone', 'side < 4', 'side < 2'],
    ['the last partner is the best', 'if (best < 0) {', 'if (true) {'],
    ['the last of equal detections', 'if (similarity > load', 'if (similarity >= load'],
    ['ignored ground truths are partners', 'if (load<u8>(ignores + g) === 1) continue', ''],
    [
      'equal overlaps by ascending position',
      'BY_POSITION) return one > other',
      'BY_POSITION) return one < other',
    ],
    ['rows of ground truths instead of positions', 'at(positions, at(gts, pair))', 'at(gts, pair)'],
  ]),
  ...inFile('kernels', 'kernels/resample.ts', [
    ['another generator', 'rotl<u32>(b * 5, 7)', 'rotl<u32>(b * 5, 8)'],
    ['an image counts once', 'load<f64>(slot) + 1)', '1)'],
    ['one resample for all lanes', 'draw(weights + 8 * lane)', 'draw(weights)'],
  ]),
  ...inFile('kernels', 'kernels/cuts.ts', [
    ['equal scores apart', 'if (pending > score) weigh()', 'if (pending >= score) weigh()'],
    ['the lowest of equally good thresholds', 'if (!(f1 > load', 'if (!(f1 >= load'],
    ['a fold on itself', 'const own = load<f64>(tps + fold)', 'const own: f64 = 0'],
    ['ignored detections are false', 'if (outcome > FP) continue\n    const score', 'const score'],
    ['the last true detections not weighed', 'if (pending === pending) weigh()', ''],
    ['final too soon', 'const gts = 2 * (gtCount', 'const gts = (gtCount'],
    ['a rank in its block', 'first + i < kept', 'i < kept'],
    ['thresholds of the first class', 'load<u32>(categories + (row << 2)) * FOLDS', '0'],
    ['the last group goes on', 'store<f64>(fps + fold, 0)', ''],
  ]),
  ...inFile('kernels', 'kernels/studies.ts', [
    ['a strict threshold keeps its score', 'isStrict ? score > cut', 'isStrict ? score >= cut'],
    ['a true positive has its own size', 'outcome === TP ? real(gtAreas', 'false ? real(gtAreas'],
    ['found below the score is found', 'outcome !== FN && isKept(', 'outcome !== FN && true || isKept('],
    ['ignored ground truths are near', 'if (load<u8>(gtIgnores + g) === 1) continue', ''],
    ['a false positive with a partner is like any', 'if (<i32>word(gtOfDt, d) < 0) {', 'if (true) {'],
    ['the cut one of equals lies on it', 'similarity > real(best, g)', 'similarity >= real(best, g)'],
    ['a cut detection took another', 'if (kept && !isCut) found', 'if (kept) found'],
    ['upper ends are all closed', 'isClosed ? area <= hi : area < hi', 'area <= hi'],
    [
      'images of all but one miss',
      'images: usize, marks: usize): void {\n  for (let g = from;',
      'images: usize, marks: usize): void {\n  for (let g = from + 1;',
    ],
    ['scores above 1 are shares', 'score >= 0 && score <= 1', 'score >= 0'],
    ['sums stay behind', 'store<f64>(sums + ((<usize>place) << 3), 0)', ''],
    ['images of one class stay for the next', '      put(scratch, place, 0)\n', ''],
  ]),
  ...inFile('kernels', 'kernels/sums.ts', [
    ['an image counts once', 'store<u32>(at, load<u32>(at) + 1)', 'store<u32>(at, 1)'],
    ['counts stay for the next column', '  store<u32>(at, 0)\n', ''],
    ['images without a row have entries', 'if (count === 0) return length', ''],
    ['the last image left out', 'place < count;', 'place + 1 < count;'],
    [
      'rows of Images, not positions',
      'load<u32>(positions + (load<u32>(images + (load<u32>(rows + (i << 2)) << 2)) << 2))',
      'load<u32>(images + (load<u32>(rows + (i << 2)) << 2))',
    ],
  ]),
  ...inFile('kernels', 'kernels/sweeps/ranges.ts', [
    ['ranges never hold their upper ends', 'f64x2.le(first, hi)', 'f64x2.lt(first, hi)'],
    ['ranges hold their upper ends', 'f64x2.lt(second, hi)', 'f64x2.le(second, hi)'],
    ['one more is kept', 'i32x4.ge_u(', 'i32x4.gt_u('],
    ['what the whole lacks counts', 'once ? v128.andnot(kept, isOutside) : kept', 'kept'],
    ['as the way before, though once', '(once === isOnce || !isAnyOutside)', 'true'],
    ['nothing is cut', 'isCut = isCut || v128.any_true(beyond)', 'isCut = false'],
    ['the last rows say whether something is cut', 'isCut = isCut ||', 'isCut ='],
  ]),
  ...inFile('kernels', 'kernels/sweeps/match.ts', [
    ['a crowd is used up', '!== 0 ? reached : reached & ~used', '!== 0 ? reached & ~used : reached & ~used'],
    ['a crowd among others is used up', 'isEndless ? reached : reached & ~load', 'reached & ~load'],
    ['an ignored ground truth is taken at all thresholds', 'free & ~fallback', 'free'],
    ['ranges share their matches', '(a * gtCount + load<u32>(fallbacks', '(load<u32>(fallbacks'],
    ['the last pair is not looked at', 'pair < to; pair++) {', 'pair + 1 < to; pair++) {'],
    ['no range gives one to another', 'if (end > first + 1) tangle', 'if (end > first + 9) tangle'],
    ['a range is as the one before', '|| load<u32>(last, FOUND_LOST) !== lost)', '|| false)'],
    ['id 0 is left out where others count', '!apart && isNone && own !== 0 ? 0 :', 'false ? 0 :'],
    ['similarities by their 256ths', 'while (level < thresholds &&', 'while (level < 0 &&'],
    ['every call begins with the first pair', 'load<u32>(liveOffsets + 4 * from)', 'load<u32>(liveOffsets)'],
    ['another order of matching', 'load<u32>(order + 4 * i)', 'load<u32>(strongRows + 4 * i)'],
  ]),
  ...inFile('kernels', 'kernels/sweeps/rank-bits.ts', [
    ['all bits of a word', '& ~((<u64>-1) << (rank & 63))', '& <u64>-1'],
    ['words one behind the other', 'load<u32>(last, BITS_BEFORE) +', ''],
  ]),
  ...inFile('kernels', 'kernels/sweeps/ranking.ts', [
    ['equal scores never come together', 'isGrouped ? endOfScore(rank, end) : rank + 1', 'rank + 1'],
    ['a score begins where it finds something', 'isGrouped ? firstOfScore(rank, scoreTo) : rank', 'rank'],
    ['left out where it would not count', 'load<u32>(at, LOST_RANGES) & bits', 'load<u32>(at, LOST_RANGES)'],
    [
      'a call begins with another detection',
      'from > 0 ? load<u32>(finds + FIND_WIDTH * (from - 1)) :',
      'false ? 0 :',
    ],
    ['a detection finds one thing', 'while (at < findsTo && load', 'while (false && load'],
    ['half of the ranks', '| (three << 32) | (four << 48)', ''],
    ['no more than eight ranges', 'if ((a & 7) === 0) pickBytes(a)', 'if (a === 0) pickBytes(a)'],
    ['steps of few scores', 'scoresFound + 4 * k, count)', 'scoresFound + 4 * k, count / 2)'],
    [
      'false positives of the way before',
      'if (same && falseAge === dtBitsAge) return 0',
      'if (same) return 0',
    ],
  ]),
  ...inFile('kernels', 'kernels/sweeps/walks.ts', [
    ['what does not count is subtracted', '& (0 - ((bits >> a) & 1)))', ')'],
    ['what does not count is subtracted from its own', 'goneBefore + counts', 'goneBefore + 1'],
    ['four thresholds and no more', 'thresholds !== 0; thresholds >>= 4', 'thresholds !== 0; thresholds = 0'],
    ['equal scores are counted as they come', 'upTo - goneBefore - load', 'upTo - goneBefore - 0 * load'],
    ['what a class has before it', 'countFalse(a, rank) - load', 'countFalse(a, rank) - 0 * load'],
  ]),
  ...inFile('matching', 'src/matching/live-order.ts', [
    ['pairs of the detection that stood there', 'places[dtRows[i]] - 1', 'first + i'],
    ['equal similarities stay', 'found.similarities[pair] === found.similarities[pair - 1]', 'false'],
    ['stretches of two do not move', 'if (live - first > 1)', 'if (live - first > 2)'],
  ]),
  ...inFile('matching', 'src/matching/scene-ranking.ts', [
    ['places do not change with ties', 'ownRanks[moved[d]] = ranks[d]', 'ownRanks[d] = ranks[d]'],
    [
      'ties change places with another class',
      'if (classAgnostic || moved === null) return',
      'if (moved === null) return',
    ],
  ]),
  ...inFile('accumulation', 'src/metrics/outcomes.ts', [
    [
      'a class has the ground truths of all',
      'category === null ? index.tallies.get',
      'true ? index.tallies.get',
    ],
  ]),
  ...inFile('accumulation', 'kernels/scenes/matches.ts', [
    ['the cap leaves one more', 'ranks, d) >= cap', 'ranks, d) > cap'],
    ['upper ends lie outside, by fours', 'f64x2.gt(pair, hi)', 'f64x2.ge(pair, hi)'],
    ['upper ends lie outside, one by one', '(area > most)', '(area >= most)'],
    ['areas of other rows', 'outside(column + 48', 'outside(column + 32'],
    ['ignored ground truths are regular', '(load<u8>(ignores + g) === 1) |', 'false |'],
    [
      'IoU equal to the threshold does not match',
      'at(offsets, i) << 3)) >= threshold',
      'at(offsets, i) << 3)) > threshold',
    ],
    ['fours in which one is beyond the cap are passed over', '!v128.any_true(', '!i32x4.all_true('],
    ['what is cut chooses', 'if (load<u8>(dtOutcomes + d) === CUT) continue', ''],
    ['crowds are used up', '&& load<u8>(endless + g) === 0', ''],
    ['the last of the ignored is taken', 'isRegular || taken < 0', 'true'],
    ['a crowd has its last detection', 'if (at(dtOfGt, taken) < 0) put', 'put'],
    ['what a forgotten one took lies in the range', 'FP + <u8>isOutside(dtAreas, d)', 'FP'],
    ['a tally too late', 'if (end < nextTally) continue', 'if (end <= nextTally && end === to) continue'],
    ['tallies begin anew', 'tps += <i32>', 'tps = <i32>'],
  ]),
  ...inFile('accumulation', 'src/metrics/sweep-kernel.ts', [
    ['pairs of the way before', '!isMoved && isSame(this.#pairs, last.pairs)', '!isMoved'],
    ['sizes of the way before', '!isMoved && isSame(this.#sizes, last.sizes)', '!isMoved'],
    ['the ranking before', '!isMoved && isSame(ranks, this.#ranks)', '!isMoved'],
    ['columns that lie elsewhere', '|| known[i].at !== to)', '|| false)'],
  ]),
  ...inFile('kernels', 'kernels/sweeps/points.ts', [
    ['no envelope', 'f64x2.pmax(f64x2.pmax(both, last), greatest)', 'both'],
    ['an envelope of two', 'f64x2.pmax(f64x2.pmax(both, last), greatest)', 'f64x2.pmax(both, last)'],
    [
      'the point before is the point',
      'v128.shuffle<i32>(one, one, 0, 3, 0, 3)',
      'v128.shuffle<i32>(one, one, 3, 3, 3, 3)',
    ],
    ['lines begin at recall 0', '(next === 0 && !startsAtZero)', 'next === 0'],
    ['no 2^-52 in precision', 'f64x2.add(f64x2.add(fp, tp), f64x2.splat(EPSILON))', 'f64x2.add(fp, tp)'],
    ['a recall is passed', 'tp) < recall) tp++', 'tp) <= recall) tp++'],
  ]),
  ...inFile('kernels', 'kernels/sweeps/readings.ts', [
    ['classes without ground truth never count', 'if (hasFalse) return', 'if (counted > 1e6) return'],
    ['classes without ground truth always count', 'if (fpTotal === 0) continue', ''],
    ['one threshold for some', '8 * length * t, 8 * length)', '0, 8 * length)'],
  ]),
  ...inFile('kernels', 'kernels/sweeps/averages.ts', [
    ['steps for lines', 'width * (lastPrecision + precision) * 0.5', 'width * precision'],
    ['the last recall is that of the step', '<f64>tpTotal / groundTruths : NaN', 'step : NaN'],
  ]),
  ...inFile('accumulation', 'src/metrics/curve-averages.ts', [
    ['classes without ground truths count', 'numbers[at + GROUND_TRUTHS] > 0', 'true'],
    ['false positives of no class count', 'else if (penalised &&', 'else if (false &&'],
    ['a threshold that is undefined counts', 'if (!(value >= 0)) continue // NaN', ''],
  ]),
  ...inFile('kernels', 'kernels/sweeps/mean.ts', [
    ['one after another', 'if (count > 128)', 'if (count > 100000)'],
    ['all in one piece', 'BUFFER_LENGTH: u32 = 8192', 'BUFFER_LENGTH: u32 = 0x40000000'],
  ]),
  ...inFile('kernels', 'kernels/categories/curves.ts', [
    ['no 2^-52 in precision', '<f64>(falsePositives + count) + EPSILON', '<f64>(falsePositives + count)'],
    ['no envelope', 'if (load<f64>(at) > load<f64>(at - step))', 'if (load<f64>(at) < 0)'],
    ['what is not reached stays', 'if (place < end) continue', 'if (place < end + 1) continue'],
    [
      'no category is without ground truths',
      'const missing: f64 = isRegular ? 0 : -1',
      'const missing: f64 = 0',
    ],
    [
      'a recall threshold needs one more',
      'needed + 4 * (a * R + place)) <= count) {',
      'needed + 4 * (a * R + place)) < count) {',
    ],
  ]),
]

const shaders = [
  ...inFile('shaders', 'shaders/intersect.wgsl', [
    ['the last word left out', 'i < count; i += LANES', 'i + 1u < count; i += LANES'],
    ['bounds of the wrong mask', 'max(dt.first_word, gt.first_word)', 'dt.first_word'],
  ]),
  ...inFile('shaders', 'shaders/parse-runs.wgsl', [
    ['differences from the third count', 'summary.runs > 2u', 'summary.runs > 1u'],
    ['no sign', '(code & 16u) != 0u', '(code & 16u) == 16u && shift < 10u'],
  ]),
  ...inFile('shaders', 'shaders/paint-runs.wgsl', [
    ['the first run by its place among all', '(run - mask.first_run) & 1u', 'run & 1u'],
  ]),
  ...inFile('shaders', 'shaders/measure.wgsl', [
    [
      'the lower bound one too high',
      'row + 32u - countLeadingZeros(bits)',
      'row + 31u - countLeadingZeros(bits)',
    ],
  ]),
  ...inFile('shaders', 'shaders/mark-crossings.wgsl', [
    ['the other grid row on falling edges', '2u * rise * (t + 1u) + run - 1u', '2u * rise * t + run - 1u'],
    ['steep edges a step late', '2u * run - 1u) / (2u * run)) - 1', '2u * run - 1u) / (2u * run))'],
    ['rows cut a fifth lower', 'max(v + 2, 0)', 'max(v + 3, 0)'],
  ]),
  ...inFile('shaders', 'shaders/fill-parts.wgsl', [
    ['no carry into the next word', 'carry = 0u - (bits >> 31u)', 'carry = 0u'],
    ['half of the prefix', 'bits ^= bits << 16u', ''],
  ]),
  ...inFile('shaders', 'src/backends/webgpu/edges.ts', [
    [
      'ties are left to integers',
      '=== (rise >= 0 ? 2 : 3)) return true',
      '=== (rise >= 0 ? 2 : 3)) return false',
    ],
    ['ties on steep edges too', ' - 1) / 2) === 2) return true', ' - 1) / 2) === 2) return false'],
  ]),
]

export const MUTATIONS = [...matching, ...accumulation, ...ingest, ...geometry, ...kernels, ...shaders]
