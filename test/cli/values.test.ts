import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  parseIds,
  parseIouThresholds,
  parseMaxDets,
  parseMemory,
  parseObjective,
  parseRecallThresholds,
  parseScore,
  parseThreads,
} from '../../src/cli/values.js'
import { parseAreas } from '../../src/data/area-text.js'
import { InputError } from '../../src/errors.js'

const bitsOf = (values: number[]): string => Buffer.from(new Float64Array(values).buffer).toString('hex')

/** float64 bits, most significant first, from spec: numpy.linspace(.5, .95, 10). */
const COCO_IOU_BITS = [
  '3fe0000000000000',
  '3fe199999999999a',
  '3fe3333333333333',
  '3fe4cccccccccccd',
  '3fe6666666666666',
  '3fe8000000000000',
  '3fe999999999999a',
  '3feb333333333333',
  '3feccccccccccccc',
  '3fee666666666666',
]

describe('IoU thresholds', () => {
  test.each(['.5:.05:.95', '0.5:0.05:0.95', ' 0.50 : 5e-2 : 0.950 '])(
    'the grid %s is NumPy’s to the bit',
    text => {
      const bits = parseIouThresholds(text).map(value => {
        const view = new DataView(new ArrayBuffer(8))
        view.setFloat64(0, value)
        return view.getBigUint64(0).toString(16)
      })
      expect(bits).toEqual(COCO_IOU_BITS)
    },
  )

  test('a list is taken as written', () => {
    expect(parseIouThresholds('.5,.75')).toEqual([0.5, 0.75])
    expect(parseIouThresholds('.9')).toEqual([0.9])
    expect(parseIouThresholds('1')).toEqual([1])
  })

  test.each([
    ['0,.5', 'expected thresholds above 0 and at most 1, got 0 in "0,.5"'],
    ['50', 'expected thresholds above 0 and at most 1, got 50 in "50"'],
    ['.5,1.5', 'got 1.5 in ".5,1.5"'],
    ['-.5', 'got -0.5 in "-.5"'],
    ['.75,.5', 'expected ascending numbers, got 0.5 after 0.75'],
    ['.5,.5', 'expected ascending numbers, got 0.5 after 0.5'],
    ['', 'expected numbers such as .5,.75 or a grid start:step:stop'],
    ['.5,', 'got ".5,"'],
    ['half', 'got "half"'],
    ['0x1', 'got "0x1"'],
    ['Infinity', 'got "Infinity"'],
    ['.5:.95', 'grid start:step:stop'],
    ['.5:.04:.95', 'a step that leads from start to stop'],
    ['.5:0:.95', 'a step that leads from start to stop'],
    ['.95:.05:.5', 'a step that leads from start to stop'],
    ['.5:1e-9:.95', 'a step that leads from start to stop'],
  ])('%j is refused with what is allowed', (text, words) => {
    expect(() => parseIouThresholds(text)).toThrow(InputError)
    expect(() => parseIouThresholds(text)).toThrow(words)
  })
})

describe('recall thresholds', () => {
  // numpy.linspace(0, 1, 101) is i * 0.01, which differs from i / 100 at exactly these places.
  test('the grid 0:.01:1 is NumPy’s to the bit', () => {
    const grid = parseRecallThresholds('0:.01:1')
    expect(grid).toHaveLength(101)
    const apart = grid.flatMap((value, i) => (value === i / 100 ? [] : [i]))
    expect(apart).toEqual([35, 41, 47, 57, 69, 70, 82, 83, 94, 95])
    expect(bitsOf([grid[35], grid[100]])).toBe(bitsOf([0.35000000000000003, 1]))
  })

  test('0 and 1 are allowed, beyond is not', () => {
    expect(parseRecallThresholds('0,.5,1')).toEqual([0, 0.5, 1])
    expect(() => parseRecallThresholds('-.1,.5')).toThrow('expected thresholds from 0 to 1, got -0.1')
    expect(() => parseRecallThresholds('.5,1.1')).toThrow('expected thresholds from 0 to 1, got 1.1')
  })
})

describe('caps on detections', () => {
  test('three numbers are the caps, one stands for 1,10,M', () => {
    expect(parseMaxDets('1,10,100')).toEqual([1, 10, 100])
    expect(parseMaxDets('5,50,500')).toEqual([5, 50, 500])
    expect(parseMaxDets('300')).toEqual([1, 10, 300])
  })

  test.each([
    ['0,10,100', 'got 0'],
    ['1,10', 'three ascending whole numbers'],
    ['1,10,100,1000', 'three ascending whole numbers'],
    ['1.5,10,100', 'got 1.5'],
    ['100,10,1', 'expected ascending numbers, got 10 after 100'],
    ['1,10,10', 'expected ascending numbers, got 10 after 10'],
    ['10', 'above 10'],
    ['5', 'give all three, such as 1,3,5'],
    ['many', 'got "many"'],
  ])('%j is refused with what is allowed', (text, words) => {
    expect(() => parseMaxDets(text)).toThrow(InputError)
    expect(() => parseMaxDets(text)).toThrow(words)
  })
})

describe('area ranges', () => {
  const all = { name: 'all', lo: 0, hi: 1e10 }

  test('coco is the reference’s four', () => {
    expect(parseAreas('coco')).toEqual([
      all,
      { name: 'small', lo: 0, hi: 1024 },
      { name: 'medium', lo: 1024, hi: 9216 },
      { name: 'large', lo: 9216, hi: 1e10 },
    ])
  })

  test('all is added in front, or moved there', () => {
    const tiny = { name: 'tiny', lo: 0, hi: 256 }
    expect(parseAreas('tiny=0:256,rest=256:1e10')).toEqual([all, tiny, { name: 'rest', lo: 256, hi: 1e10 }])
    expect(parseAreas('tiny=0:256,all=0:5000')).toEqual([{ name: 'all', lo: 0, hi: 5000 }, tiny])
    expect(parseAreas('coco,tiny=0:256').map(range => range.name)).toEqual([
      'all',
      'small',
      'medium',
      'large',
      'tiny',
    ])
  })

  test('percentile is the article’s six, and own ones are written with P', () => {
    expect(parseAreas('percentile')).toEqual([
      { name: 'all', percentiles: [0, 100] },
      { name: 'small', percentiles: [0, 25] },
      { name: 'medium', percentiles: [25, 75] },
      { name: 'large', percentiles: [75, 100] },
      { name: 'smallest', percentiles: [0, 7.5] },
      { name: 'corrected', percentiles: [7.5, 100] },
    ])
    expect(parseAreas('mid=P25:P75,top=p99.5:p100,tiny=0:256')).toEqual([
      all,
      { name: 'mid', percentiles: [25, 75] },
      { name: 'top', percentiles: [99.5, 100] },
      { name: 'tiny', lo: 0, hi: 256 },
    ])
  })

  test.each([
    ['mid=P25:75', 'expected both ends of mid in px or both as percentiles, got "mid=P25:75"'],
    ['mid=0:P75', 'both ends of mid in px or both'],
    ['mid=P75:P25', 'expected P0 to P100, the lower first, in mid, got P75:P25'],
    ['mid=P25:P25', 'got P25:P25'],
    ['mid=P0:P101', 'got P0:P101'],
    ['mid=P-5:P25', 'got P-5:P25'],
    ['mid=P:P25', 'NAME=LO:HI'],
    ['constructor', 'NAME=LO:HI'],
    ['percentile,coco', 'got "all" twice'],
  ])('%j is refused with what is allowed', (text, words) => {
    expect(() => parseAreas(text)).toThrow(InputError)
    expect(() => parseAreas(text)).toThrow(words)
  })

  test.each([
    ['tiny', 'NAME=LO:HI'],
    ['tiny=0', 'NAME=LO:HI'],
    ['=0:1', 'NAME=LO:HI'],
    ['a b=0:1', 'NAME=LO:HI'],
    ['tiny=0:x', 'NAME=LO:HI'],
    ['tiny=9:3', 'expected 0 <= LO <= HI in tiny, got 9:3'],
    ['tiny=-1:3', 'expected 0 <= LO <= HI in tiny, got -1:3'],
    ['a=0:1,a=1:2', 'got "a" twice'],
    ['coco,small=0:9', 'got "small" twice'],
  ])('%j is refused with what is allowed', (text, words) => {
    expect(() => parseAreas(text)).toThrow(InputError)
    expect(() => parseAreas(text)).toThrow(words)
  })
})

describe('ids', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'detscope-ids-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('a list, with repetitions dropped', () => {
    expect(parseIds('3,1,3, 2')).toEqual([3, 1, 2])
    expect(parseIds('-1,908000000000')).toEqual([-1, 908000000000])
  })

  test('a file: one a line, commas, or a JSON list', () => {
    const file = join(folder, 'ids.txt')
    for (const text of ['7\n8\n9\n', '7, 8,9', '[7,\n 8, 9]\n', '7\r\n8\r\n9']) {
      writeFileSync(file, text)
      expect(parseIds(`@${file}`)).toEqual([7, 8, 9])
    }
  })

  test('what is no id is named', () => {
    expect(() => parseIds('1,two')).toThrow('expected whole numbers such as 1,2,3, or @file, found "two"')
    expect(() => parseIds('1.5')).toThrow('found "1.5"')
    expect(() => parseIds('9007199254740993')).toThrow('found "9007199254740993"')
    expect(() => parseIds('')).toThrow('got ""')
    expect(() => parseIds(`@${folder}/none`)).toThrow('no such file')
    expect(() => parseIds(`@${folder}/none`)).toThrow(InputError)
  })
})

test('threads are a whole number, 0 for all cores', () => {
  expect(parseThreads('0')).toBe(0)
  expect(parseThreads('8')).toBe(8)
  for (const text of ['-1', '1.5', 'all', '5000'])
    expect(() => parseThreads(text)).toThrow(`expected a whole number from 0 to 1024, got "${text}"`)
})

describe('the objective of the best score', () => {
  test.each([
    ['f1', { kind: 'f-beta', beta: 1 }],
    ['f:2', { kind: 'f-beta', beta: 2 }],
    ['precision:.95', { kind: 'min-precision', precision: 0.95 }],
    ['recall:1', { kind: 'min-recall', recall: 1 }],
    ['cost:1,5', { kind: 'cost', falsePositive: 1, falseNegative: 5 }],
    [' cost:0, 1 ', { kind: 'cost', falsePositive: 0, falseNegative: 1 }],
  ])('%s', (text, objective) => expect(parseObjective(text)).toEqual(objective))

  test.each([
    ['', 'expected f1, f:BETA, precision:P, recall:R or cost:FP,FN'],
    ['f', 'expected f1, f:BETA'],
    ['f2', 'expected f1, f:BETA'],
    ['f1:1', 'expected f1, f:BETA'],
    ['f:1:2', 'expected f1, f:BETA'],
    ['cost:1', 'expected f1, f:BETA'],
    ['recall:.5,.6', 'expected f1, f:BETA'],
    ['toString:1', 'expected f1, f:BETA'],
    ['precision:high', 'expected f1, f:BETA'],
    ['f:0', 'expected a BETA above 0, got "f:0"'],
    ['precision:95', 'expected a precision above 0 and at most 1, got "precision:95"'],
    ['recall:0', 'expected a recall above 0 and at most 1, got "recall:0"'],
    ['cost:0,0', 'expected costs from 0 up, one of them above 0, got "cost:0,0"'],
    ['cost:-1,2', 'expected costs from 0 up'],
  ])('%j is refused with what is allowed', (text, words) => {
    expect(() => parseObjective(text)).toThrow(InputError)
    expect(() => parseObjective(text)).toThrow(words)
  })
})

test('a score is any number', () => {
  expect(['.5', '-3', '1e3'].map(parseScore)).toEqual([0.5, -3, 1000])
  for (const text of ['', 'high', 'NaN', 'Infinity', '1e400', '-1e400'])
    expect(() => parseScore(text)).toThrow('a number such as .5')
})

describe('a size of memory', () => {
  test.each([
    ['2GB', 2e9],
    ['512MiB', 512 * 1024 ** 2],
    ['1.5g', 1.5 * 1024 ** 3],
    ['1g', 1024 ** 3],
    ['800 mb', 8e8],
    ['.25TiB', 0.25 * 1024 ** 4],
    ['64000K', 64000 * 1024],
    ['100000000B', 1e8],
  ])('%s', (text, bytes) => {
    expect(parseMemory(text)).toBe(bytes)
  })

  test.each([
    ['2000', 'without a unit'],
    ['1.5x', 'expected a size with its unit such as 2GB, 512MiB or 1.5g, got "1.5x"'],
    ['100iB', 'expected a size with its unit'],
    ['-2GB', 'expected a size with its unit'],
    ['GB', 'expected a size with its unit'],
    ['2G B', 'expected a size with its unit'],
    ['10MB', 'expected 64MB or more'],
    ['0GB', 'expected 64MB or more'],
  ])('%s is refused', (text, message) => {
    expect(() => parseMemory(text)).toThrow(message)
    expect(() => parseMemory(text)).toThrow(InputError)
  })
})
