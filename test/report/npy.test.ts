import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { npyChunks } from '../../src/report/npy.js'

const values = Float64Array.of(0, -1, 0.1, 0.9999999999999998, 1e300, -0)

test('the header is the one the format asks for, byte by byte', () => {
  const [header, data] = npyChunks([2, 1, 3], values)
  expect(header.length % 64).toBe(0)
  expect([...header.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  expect(header[8] + 256 * header[9]).toBe(header.length - 10)
  const text = String.fromCharCode(...header.subarray(10))
  expect(text.trimEnd()).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1, 3), }")
  expect(text.endsWith(' \n')).toBe(true)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  expect(Array.from(values, (_, i) => view.getFloat64(8 * i, true))).toEqual([...values])
})

test('one axis is a tuple with a comma', () => {
  const [header] = npyChunks([6], values)
  expect(String.fromCharCode(...header.subarray(10))).toContain("'shape': (6,), }")
})

test('a shape that does not fit the values is refused', () => {
  expect(() => npyChunks([2, 2], values)).toThrow('shape 2,2 has 4 values, got 6')
})

const python = [process.env.DETSCOPE_PYTHON, 'python3'].find(command => {
  if (!command) return false
  return spawnSync(command, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0
})

test.skipIf(!python)('NumPy opens it and finds the same bits (needs python3 with numpy)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'detscope-npy-'))
  try {
    const file = join(folder, 'a.npy')
    writeFileSync(file, Buffer.concat(npyChunks([2, 1, 3], values)))
    const script = `import numpy, sys
a = numpy.load(sys.argv[1])
print(a.shape, a.dtype.str, a.flags['C_CONTIGUOUS'], a.tobytes().hex())`
    const hex = Buffer.from(values.buffer).toString('hex')
    expect(execFileSync(python as string, ['-c', script, file], { encoding: 'utf8' }).trim()).toBe(
      `(2, 1, 3) <f8 True ${hex}`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
