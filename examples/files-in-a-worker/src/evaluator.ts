/** Runs beside the page, so that the page answers while this works. Files are read as streams, never as a whole. */
import { summarize } from 'detscope'
import { evaluateFiles } from 'detscope/browser'
import type { Answer, Request } from './messages.js'

const answer = (message: Answer): void => self.postMessage(message)

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const from = performance.now()
  try {
    const evaluation = await evaluateFiles(data.groundTruth, data.detections, {
      onProgress: progress => answer({ progress }),
    })
    const { AP, AP50, AP75, APs, APm, APl, AR100 } = summarize(evaluation).metrics
    answer({
      result: {
        metrics: Object.entries({ AP, AP50, AP75, APs, APm, APl, AR100 }),
        warnings: evaluation.warnings.map(({ text }) => text),
        seconds: (performance.now() - from) / 1000,
      },
    })
  } catch (error) {
    // An InputError says which record is wrong and what was expected: show it as it is.
    answer({ error: error instanceof Error ? error.message : String(error) })
  }
}
