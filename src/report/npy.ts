/**
 * A NumPy array file, format 1.0: float64, little-endian, C order
 * (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * Returns header and data; the data is a view of `values` where the platform's bytes are in order already.
 */
export function npyChunks(shape: number[], values: Float64Array): Uint8Array[] {
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== values.length) throw new RangeError(`shape ${shape} has ${size} values, got ${values.length}`)
  return [npyHeader(shape), littleEndian(values)]
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
const PREFIX_BYTES = MAGIC.length + 4 // two of version, two of header length
const ALIGNMENT = 64

function npyHeader(shape: number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`
  // Blanks and a newline fill up to the alignment of the data.
  const total = Math.ceil((PREFIX_BYTES + text.length + 1) / ALIGNMENT) * ALIGNMENT
  const padded = `${text.padEnd(total - PREFIX_BYTES - 1)}\n`
  const bytes = new Uint8Array(total)
  bytes.set(MAGIC)
  bytes.set([1, 0, padded.length & 255, padded.length >> 8], MAGIC.length)
  for (let i = 0; i < padded.length; i++) bytes[PREFIX_BYTES + i] = padded.charCodeAt(i)
  return bytes
}

function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return bytes
  const view = new DataView(new ArrayBuffer(values.byteLength))
  for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i], true)
  return new Uint8Array(view.buffer)
}
