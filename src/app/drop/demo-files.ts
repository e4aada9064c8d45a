import { type DemoPicture, makeDemo } from '../../demo/make.js'
import type { DemoFiles, PictureFile } from './protocol.js'

/** As `detscope demo` makes it. */
const SEED = 1
const IMAGES = 60

/** The demo data set as files; its two JSON files are those that `detscope demo` writes, byte for byte. */
export async function demoFiles(onProgress: (done: number, total: number) => void): Promise<DemoFiles> {
  const maker = makeDemo(SEED, IMAGES)
  const files: PictureFile[] = []
  let made = maker.next()
  while (!made.done) {
    const { fileName } = made.value
    const file = new File([await encodePng(made.value)], fileName, { type: 'image/png' })
    files.push({ path: fileName, file })
    onProgress(files.length, IMAGES)
    made = maker.next()
  }
  const json = (name: string, value: object): File =>
    new File([JSON.stringify(value)], name, { type: 'application/json' })
  return {
    gt: json('gt.json', made.value.groundTruth),
    dt: json('dt.json', made.value.detections),
    pictures: { files, zips: [] },
  }
}

function encodePng({ width, height, rgb }: DemoPicture): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser draws no pictures in workers')
  const pixels = context.createImageData(width, height)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    pixels.data[to] = rgb[from]
    pixels.data[to + 1] = rgb[from + 1]
    pixels.data[to + 2] = rgb[from + 2]
    pixels.data[to + 3] = 255
  }
  context.putImageData(pixels, 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}
