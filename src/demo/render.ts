import { type Canvas, createCanvas, fill } from './canvas.js'
import { drawSolids, project } from './solid.js'
import type { Stage } from './stage.js'

/** Draws a scene. `facesPx[object]` is what the object would cover with nothing before it. */
export function render(stage: Stage): { canvas: Canvas; facesPx: Float64Array } {
  const canvas = createCanvas(stage.width, stage.height, stage.scheme.wall)
  for (const { xyz, colour, object } of stage.patches) {
    fill(canvas, project(stage.camera, xyz, 3), colour, object)
  }
  const facesPx = new Float64Array(stage.objects.length)
  drawSolids(canvas, stage.camera, stage.solids, facesPx)
  return { canvas, facesPx }
}
