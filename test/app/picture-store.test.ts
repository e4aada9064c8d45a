import { expect, test } from 'vitest'
import { PictureStore } from '../../src/app/drop/picture-store.js'

const file = new File(['x'], 'x.png')
const survey = async (paths: string[], names: string[]) => {
  const store = await PictureStore.of({ files: paths.map(path => ({ path, file })), zips: [] })
  return store.for(names).survey()
}

test('pictures belong to images by the ends of their paths, in the way of any system', async () => {
  const names = ['a.png', 'val/b.png', 'C:\\data\\c.png', './d.png']
  const paths = ['set/a.png', 'set/val/b.png', 'set\\c.png', 'd.png']
  expect(await survey(paths, names)).toEqual({ found: 4, count: 4, missing: null, isRepeated: false })
})

test('a survey names the first image without a file', async () => {
  expect(await survey(['set/a.png'], ['a.png', 'x.png', 'y.png'])).toEqual({
    found: 1,
    count: 3,
    missing: 'x.png',
    isRepeated: false,
  })
})

test('of files with one name none is taken, unless the path tells them apart', async () => {
  const paths = ['set/left/a.png', 'set/right/a.png']
  expect(await survey(paths, ['a.png'])).toEqual({ found: 0, count: 1, missing: 'a.png', isRepeated: true })
  expect(await survey(paths, ['left/a.png', 'right/a.png'])).toMatchObject({ found: 2, missing: null })
})

test('images with one name do not share a file', async () => {
  expect(await survey(['set/a.png'], ['left/a.png', 'right/a.png'])).toMatchObject({
    found: 0,
    missing: 'left/a.png',
    isRepeated: false,
  })
})
