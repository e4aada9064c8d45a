/** Pictures as arrays: drawn on where there is no canvas. */

/** Red, green, blue, alpha, 0 to 255, rows first. */
export interface Pixels {
  /** px */
  width: number
  height: number
  rgba: Uint8Array
}

export type Colour = [red: number, green: number, blue: number]

export function createPixels(width: number, height: number, [red, green, blue]: Colour): Pixels {
  const rgba = new Uint8Array(4 * width * height)
  for (let i = 0; i < rgba.length; i += 4) rgba.set([red, green, blue, 255], i)
  return { width, height, rgba }
}

/** Mixes a colour into a pixel; nothing happens outside. */
export function blend(
  { width, height, rgba }: Pixels,
  x: number,
  y: number,
  colour: Colour,
  alpha: number,
): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return
  const at = 4 * (y * width + x)
  for (let i = 0; i < 3; i++) rgba[at + i] = Math.round(rgba[at + i] + alpha * (colour[i] - rgba[at + i]))
}

/** Each pixel `factor` times as wide and high. */
export function enlarge({ width, height, rgba }: Pixels, factor: number): Pixels {
  const out = { width: width * factor, height: height * factor }
  const result = new Uint32Array(out.width * out.height)
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height)
  for (let y = 0; y < out.height; y++) {
    const row = width * Math.floor(y / factor)
    for (let x = 0; x < out.width; x++) result[y * out.width + x] = from[row + Math.floor(x / factor)]
  }
  return { ...out, rgba: new Uint8Array(result.buffer) }
}

/** The part of a picture in a window of [x, y] to [x + width, y + height] in px; `paper` where it has none. */
export function cut(
  source: Pixels,
  x: number,
  y: number,
  width: number,
  height: number,
  paper: Colour,
): Pixels {
  const out = createPixels(width, height, paper)
  for (let v = Math.max(0, -y); v < height && y + v < source.height; v++) {
    const from = Math.max(0, -x)
    const to = Math.min(width, source.width - x)
    if (from >= to) continue
    const start = 4 * ((y + v) * source.width + x + from)
    out.rgba.set(source.rgba.subarray(start, start + 4 * (to - from)), 4 * (v * width + from))
  }
  return out
}

/** Another size by the nearest pixels; the picture itself where it has that size. */
export function stretch(pixels: Pixels, { width, height }: { width: number; height: number }): Pixels {
  if (pixels.width === width && pixels.height === height) return pixels
  const out = createPixels(width, height, [0, 0, 0])
  for (let y = 0; y < height; y++) {
    const row = pixels.width * Math.floor(((y + 0.5) * pixels.height) / height)
    for (let x = 0; x < width; x++) {
      const from = 4 * (row + Math.floor(((x + 0.5) * pixels.width) / width))
      out.rgba.set(pixels.rgba.subarray(from, from + 4), 4 * (y * width + x))
    }
  }
  return out
}

/** Made smaller by the mean of what each new pixel covers, on white where it is transparent. */
export function resize({ width, height, rgba }: Pixels, scale: number): Pixels {
  const out = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
  const columns = spread(width, out.width)
  const rows = spread(height, out.height)
  const result = new Uint8Array(4 * out.width * out.height)
  let to = 0
  for (let y = 0; y < out.height; y++) {
    const bottom = Math.max(rows[y] + 1, rows[y + 1])
    for (let x = 0; x < out.width; x++) {
      const right = Math.max(columns[x] + 1, columns[x + 1])
      let red = 0
      let green = 0
      let blue = 0
      for (let v = rows[y]; v < bottom; v++) {
        let at = 4 * (v * width + columns[x])
        for (let u = columns[x]; u < right; u++, at += 4) {
          const alpha = rgba[at + 3] / 255
          red += 255 + alpha * (rgba[at] - 255)
          green += 255 + alpha * (rgba[at + 1] - 255)
          blue += 255 + alpha * (rgba[at + 2] - 255)
        }
      }
      const count = (bottom - rows[y]) * (right - columns[x])
      result[to++] = red / count
      result[to++] = green / count
      result[to++] = blue / count
      result[to++] = 255
    }
  }
  return { ...out, rgba: result }
}

/** Where each of `to` new pixels begins among `from` old ones, [to + 1]. */
const spread = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to + 1 }, (_, i) => Math.floor((i * from) / to))
