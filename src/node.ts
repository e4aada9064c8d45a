export { type DawnOptions, type DawnResult, openDawn } from './node/dawn.js'
export { type EvaluateFilesOptions, evaluateFiles } from './node/evaluate-files.js'
export { type FileDigest, type FileOptions, type FileSource, fileSource } from './node/files.js'
export { createPool } from './node/pool.js'
