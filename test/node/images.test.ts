import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InputError } from '../../src/errors.js'
import { fittingPictures, openImageFolder } from '../../src/node/images.js'
import { pictureType } from '../../src/report/picture-type.js'

let base = ''
let root = ''

/** A PNG of one colour, rows of noise below it so that it does not pack to nothing. */
function png(width: number, height: number, noise = false): Buffer {
  const picture = new PNG({ width, height })
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = noise ? (i * 7919 * (i >> 3)) % 251 : 200
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255
  return PNG.sync.write(picture)
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'detscope-images-'))
  root = join(base, 'images')
  mkdirSync(join(root, 'train', 'deep'), { recursive: true })
  mkdirSync(join(base, 'images-of-others'))
  writeFileSync(join(root, 'a.png'), png(4, 4))
  writeFileSync(join(root, 'train', 'b.png'), png(4, 4))
  writeFileSync(join(root, 'c.png'), png(4, 4))
  writeFileSync(join(root, 'page.png'), '<html><script>alert(1)</script>')
  writeFileSync(join(root, 'noise.png'), png(400, 300, true))
  writeFileSync(join(base, 'secret.png'), png(5, 5))
  writeFileSync(join(base, 'images-of-others', 'secret.png'), png(5, 5))
  symlinkSync(join(base, 'secret.png'), join(root, 'out.png'))
  symlinkSync(join(root, 'a.png'), join(root, 'within.png'))
  symlinkSync(base, join(root, 'train', 'up'))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const find = (...names: string[]): string | null => openImageFolder('--images', root, names).find(0)

describe('a name leads to a file of the folder', () => {
  test.each([
    ['a.png', 'a.png'],
    ['train/b.png', 'train/b.png'],
    ['train\\b.png', 'train/b.png'],
    ['./train/deep/../b.png', 'train/b.png'],
    ['within.png', 'a.png'],
    // Folders that are not here: the name alone, where no other image has it.
    ['val2017/a.png', 'a.png'],
    ['C:\\data\\a.png', 'a.png'],
    ['/data/a.png', 'a.png'],
    ['../images/a.png', 'a.png'],
  ])('%s', (name, path) => {
    expect(find(name)).toBe(join(root, path))
  })

  test('never to that of another image', () => {
    expect(find('one/a.png', 'two/a.png')).toBeNull()
  })
})

describe('and to nothing outside it', () => {
  test.each([
    '../secret.png',
    'train/../../secret.png',
    '..',
    '.',
    '',
    'train',
    'out.png',
    'train/up/secret.png',
    '..\\secret.png',
    '%2e%2e/secret.png',
    '../images-of-others/secret.png',
    'a.png\0.jpg',
    'none.png',
  ])('%j', name => {
    expect(find(name)).toBeNull()
  })

  test('an absolute name is no way either', () => {
    expect(find(join(base, 'secret.png'))).toBeNull()
  })
})

test('what is no picture is not read, whatever it is called', async () => {
  const folder = openImageFolder('--images', root, ['page.png', 'a.png'])
  expect(folder.find(0)).toBe(join(root, 'page.png'))
  expect(await folder.read(0)).toBeNull()
  expect((await folder.read(1))?.type).toBe('image/png')
})

test('a survey names the first image without a file', () => {
  expect(openImageFolder('--images', root, ['a.png', 'x.png', 'y.png']).survey()).toEqual({
    found: 1,
    missing: 'x.png',
  })
})

test('a folder that is none is refused', () => {
  expect(() => openImageFolder('--images', join(root, 'a.png'), [])).toThrow(InputError)
  expect(() => openImageFolder('--images', join(base, 'none'), [])).toThrow('--images: there is no folder')
})

test('kinds are told by their first bytes', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from([...values, ...new Array(20).fill(0)])
  expect(pictureType(bytes(0xff, 0xd8, 0xff))).toBe('image/jpeg')
  expect(pictureType(bytes(...new TextEncoder().encode('RIFF....WEBP')))).toBe('image/webp')
  expect(pictureType(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg">'))).toBeNull()
  expect(pictureType(new Uint8Array(0))).toBeNull()
})

test('pictures come as they are where they fit, else smaller, else not at all', async () => {
  const folder = openImageFolder('--images', root, ['a.png', 'noise.png', 'none.png'])
  const find = fittingPictures(folder, {
    widths: Uint32Array.of(4, 400, 9),
    heights: Uint32Array.of(4, 300, 9),
  })
  expect((await find(0, 10_000))?.type).toBe('image/png')
  const small = await find(1, 20_000)
  expect(small?.type).toBe('image/jpeg')
  expect(small?.bytes.length).toBeLessThanOrEqual(20_000)
  expect(await find(1, 500)).toBeNull()
  expect(await find(2, 10_000)).toBeNull()
})

test.each([
  ['WebP', [0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]],
  ['AVIF', [0, 0, 0, 28, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
])(
  'what cannot be made smaller comes where it fits, and is left out where it does not: %s',
  async (_, start) => {
    const bytes = new Uint8Array(5000)
    bytes.set(start)
    writeFileSync(join(root, 'other'), bytes)
    const sizes = { widths: Uint32Array.of(90), heights: Uint32Array.of(90) }
    const find = fittingPictures(openImageFolder('--images', root, ['other']), sizes)
    expect((await find(0, 5000))?.bytes).toHaveLength(5000)
    expect(await find(0, 4999)).toBeNull()
  },
)
