import { expect, test } from 'vitest'
import { evaluate } from '../../src/evaluate.js'
import { htmlChunks } from '../../src/report/html.js'
import type { Blocks } from '../../src/report/page-data.js'

const PAGE = '<html><body><!--detscope-data--></body></html>'
const groundTruth = {
  images: [{ id: 1, height: 90, width: 90 }],
  categories: [{ id: 1, name: 'a' }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 40, 40], area: 1600, iscrowd: 0 }],
}
const detections = [{ image_id: 1, category_id: 1, bbox: [10, 10, 40, 39], score: 0.9 }]

async function write(page: string, blocks: Blocks = new Map()): Promise<string> {
  const evaluation = await evaluate(groundTruth, detections, { scene: true })
  const names = { version: '0.0.0', groundTruthName: 'gt.json', detectionsName: 'dt.json' }
  return new Blob(await htmlChunks(evaluation, page, { ...names, blocks })).text()
}

const ascii = (text: string) => new TextEncoder().encode(text)

test('blocks stand where the page wants its data, each in an element of its own', async () => {
  const html = await write(PAGE, new Map([['picture.7', ascii('QUJD')]]))
  expect(html).toMatch(
    /^<html><body>(<script type="text\/plain" data-block="[\w.]+">[\w+/=]*<\/script>\n)+<\/body>/,
  )
  expect(html).toContain('<script type="text/plain" data-block="picture.7">QUJD</script>\n')
})

test.each([
  ['picture.7', 'QUJD</script><script>alert(1)</script>'],
  ['picture.7', '<!--'],
  ['"><script>', 'QUJD'],
])('block %j with %j is refused', async (name, text) => {
  await expect(write(PAGE, new Map([[name, ascii(text)]]))).rejects.toThrow('must be base64')
})

test.each(['', PAGE + PAGE])('a page without one place for its data is refused', async page => {
  await expect(write(page)).rejects.toThrow('no single place')
})
