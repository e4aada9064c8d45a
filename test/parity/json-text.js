// @ts-check
/**
 * JSON as the wild writes it: any white space, any key order, escapes, numbers in every notation.
 * @typedef {import('./random.js').Random} Random
 * @typedef {{ space: 'none' | 'lines' | 'wild', shuffleKeys: boolean, exoticNumbers: boolean, escapes: boolean, bom: boolean, extras: boolean }} TextStyle
 */

/** @type {TextStyle} */
export const PLAIN = {
  space: 'none',
  shuffleKeys: false,
  exoticNumbers: false,
  escapes: false,
  bom: false,
  extras: false,
}

/** Fields whose numbers are integers to every reader, and stay written as such. */
const INTEGER_FIELDS = new Set([
  'id',
  'image_id',
  'category_id',
  'iscrowd',
  'size',
  'counts',
  'height',
  'width',
  'ignore',
])

/** What no run reads, built to mislead a careless scanner. @type {[string, unknown][]} */
const EXTRAS = [
  ['note', 'a "quote", a \\ and é, 箱, \u{1f4e6}, "bbox": [1, 2], }]'],
  ['attributes', { id: 0, bbox: [9, 9, 9, 9], nested: [{ image_id: 5, score: 2 }, [], {}] }],
  ['ignore', 1],
  ['occluded', true],
  ['track', null],
  ['keypoint_scores', [0.5, -1e-7, 3]],
  ['', ''],
]

/** @param {Random} random @returns {TextStyle} */
export function randomStyle(random) {
  if (random.chance(0.5)) return PLAIN
  return {
    space: /** @type {TextStyle['space']} */ (random.pick(['none', 'lines', 'wild'])),
    shuffleKeys: random.chance(0.5),
    exoticNumbers: random.chance(0.5),
    escapes: random.chance(0.3),
    bom: random.chance(0.1),
    extras: random.chance(0.4),
  }
}

/** @param {unknown} value @param {TextStyle} style @param {Random} random */
export function jsonText(value, style, random) {
  const gap = () => {
    if (style.space === 'none') return ''
    if (style.space === 'lines') return random.pick([' ', '\n  '])
    return random.pick(['', ' ', '\n', '\t', '\r\n', '   '])
  }
  /** @param {unknown} item @param {string} field @returns {string} */
  const write = (item, field) => {
    if (typeof item === 'number')
      return numberText(item, style.exoticNumbers && !INTEGER_FIELDS.has(field), random)
    if (typeof item === 'string') return stringText(item, style.escapes, random)
    if (Array.isArray(item)) return `[${item.map(entry => gap() + write(entry, field) + gap()).join(',')}]`
    if (item !== null && typeof item === 'object') {
      const members = membersOf(/** @type {Record<string, unknown>} */ (item), style, random)
      return `{${members
        .map(
          ([key, entry]) =>
            `${gap()}${stringText(key, style.escapes, random)}${gap()}:${gap()}${write(entry, key)}${gap()}`,
        )
        .join(',')}}`
    }
    return JSON.stringify(item)
  }
  return (style.bom ? '\ufeff' : '') + gap() + write(value, '') + gap()
}

/** @param {Record<string, unknown>} record @param {TextStyle} style @param {Random} random */
function membersOf(record, style, random) {
  const members = Object.entries(record)
  // Masks are {size, counts}; extras go into records, which have an id of some sort.
  const isRecord = 'id' in record || 'image_id' in record
  if (style.extras && isRecord && random.chance(0.5)) {
    const [key, extra] = random.pick(EXTRAS)
    if (!(key in record)) members.push([key, extra])
  }
  return style.shuffleKeys ? random.shuffle(members) : members
}

/** @param {number} value @param {boolean} exotic @param {Random} random */
function numberText(value, exotic, random) {
  const plain = Object.is(value, -0) ? '-0.0' : String(value)
  if (!exotic) return plain
  const text = random.pick([
    plain,
    value.toExponential(),
    value.toExponential().replace('e', 'E'),
    value.toPrecision(25),
    value.toPrecision(40),
    plain.includes('.') && !plain.includes('e') ? `${plain}000` : plain,
    Number.isInteger(value) && !plain.includes('.') && !plain.includes('e') ? `${plain}.0` : plain,
    shifted(plain),
  ])
  return Object.is(Number(text), value) ? text : plain
}

/** 12.5 as 125e-1. @param {string} plain */
function shifted(plain) {
  const match = /^(-?)(\d+)\.(\d+)$/.exec(plain)
  if (!match) return plain
  const digits = (match[2] + match[3]).replace(/^0+(?=\d)/, '')
  return `${match[1]}${digits}e-${match[3].length}`
}

/** @param {string} value @param {boolean} escapes @param {Random} random */
function stringText(value, escapes, random) {
  if (!escapes) return JSON.stringify(value)
  const escaped = [...value].map(character =>
    character.length === 1 && random.chance(0.15)
      ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
      : JSON.stringify(character).slice(1, -1),
  )
  return `"${escaped.join('')}"`
}
