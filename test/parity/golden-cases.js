// @ts-check
/** The hand-chosen golden cases: each shows one rule or one surprise of the reference. */
import { AREAS } from './cases/areas.js'
import { MASKS } from './cases/masks.js'
import { PROTOCOL } from './cases/protocol.js'
import { TIES } from './cases/ties.js'

export const CASES = [...PROTOCOL, ...AREAS, ...TIES, ...MASKS]
