import { join } from 'node:path'
import type { Evaluation } from '../data/evaluation.js'
import type { FileSource } from '../node/files.js'
import { writeWhole } from '../node/output.js'
import { resultFile, resultJson } from '../report/json.js'
import { npyChunks } from '../report/npy.js'
import { packageVersion } from './version.js'

/** Writes the result file; `sources` were opened with `digest`. */
export async function writeJson(
  path: string,
  evaluation: Evaluation,
  sources: { gt: FileSource; dt: FileSource },
  signal: AbortSignal,
): Promise<void> {
  const result = resultFile(evaluation, {
    version: packageVersion(),
    runtime: `node ${process.versions.node} ${process.platform}-${process.arch}`,
    createdAt: new Date(),
    inputs: [
      { role: 'groundTruth', ...(await sources.gt.digest()) },
      { role: 'detections', ...(await sources.dt.digest()) },
    ],
  })
  await writeWhole(path, [resultJson(result)], signal)
}

/** precision.npy and scores.npy are [T, R, K, A, M], recall.npy is [T, K, A, M]. */
export async function writeArrays(folder: string, { coco }: Evaluation, signal: AbortSignal): Promise<void> {
  const { T, R, K, A, M } = coco.shape
  await writeWhole(join(folder, 'precision.npy'), npyChunks([T, R, K, A, M], coco.precision), signal)
  await writeWhole(join(folder, 'recall.npy'), npyChunks([T, K, A, M], coco.recall), signal)
  await writeWhole(join(folder, 'scores.npy'), npyChunks([T, R, K, A, M], coco.scores), signal)
}
