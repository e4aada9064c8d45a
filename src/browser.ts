export {
  type BackendChoice,
  type EvaluateFilesOptions,
  evaluateFiles,
  openGpu,
} from './browser/evaluate-files.js'
export { blobSource } from './browser/files.js'
export { createPool } from './browser/pool.js'
