/** Evaluations at hand, each with the worker that holds it, so that a further file costs only its own. */

import { indexFrom } from '../../matching/scene-index.js'
import { rememberStart } from '../../matching/scene-start.js'
import type { ReportData } from '../report.js'
import type { Engine } from './engine.js'
import type { Intake } from './intake.js'
import type { Hardware, RunInput, RunResult } from './protocol.js'

export interface Evaluated {
  /** What was evaluated, as it was asked for. */
  input: RunInput
  engine: Engine
  data: ReportData
  hardware: Hardware
}

/** Takes what an engine has sent. */
export function takeResult(
  input: RunInput,
  engine: Engine,
  { hardware, start, indices, scene, content }: RunResult,
): Evaluated {
  rememberStart(scene, scene.config.classAgnostic, start)
  return { input, engine, hardware, data: { scene, content, indices: indices.map(indexFrom) } }
}

/** Those of the files that are chosen; what they no longer ask for is given up with its worker. */
export class Evaluations {
  #known: Evaluated[] = []

  add(evaluated: Evaluated): void {
    this.#known.push(evaluated)
  }

  /** What an evaluation would find, where it is at hand; one of the same file that was asked for otherwise is given up. */
  take(input: RunInput): Evaluated | null {
    this.#keep(known => known.input.dt !== input.dt || isSame(known, input))
    return this.#known.find(known => isSame(known, input)) ?? null
  }

  has(dt: File): boolean {
    return this.#known.some(({ input }) => input.dt === dt)
  }

  /** Gives up what is not of these files. */
  keep({ gt, dts }: Pick<Intake, 'gt' | 'dts'>): void {
    this.#keep(({ input }) => input.gt === gt && dts.includes(input.dt))
  }

  #keep(isKept: (evaluated: Evaluated) => boolean): void {
    for (const evaluated of this.#known) if (!isKept(evaluated)) evaluated.engine.close()
    this.#known = this.#known.filter(isKept)
  }
}

/** Files are the same object or none: a name and a size say too little. */
function isSame({ input, engine, data }: Evaluated, { gt, dt, options }: RunInput): boolean {
  const { iouType, backend, onUnknown } = options
  if (engine.isClosed || input.gt !== gt || input.dt !== dt) return false
  if (input.options.backend !== backend || input.options.onUnknown !== onUnknown) return false
  return input.options.iouType === iouType || data.scene.config.iouType === iouType
}
