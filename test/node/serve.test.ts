import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { resolveConfig } from '../../src/data/resolve-config.js'
import { InputError } from '../../src/errors.js'
import { writeReportFolder } from '../../src/node/report-folder.js'
import { type ReportServer, type ServeOptions, serveReport } from '../../src/node/serve.js'
import { ask } from '../support/ask.js'

let base = ''
let out = ''

const square = { size: [10, 10], counts: [0, 2, 98] }
const groundTruth = {
  images: [
    { id: 1, width: 10, height: 10, file_name: 'a.png' },
    { id: 2, width: 10, height: 10, file_name: '../secret.png' },
    { id: 3, width: 10, height: 10, file_name: 'link.png' },
    { id: 4, width: 10, height: 10, file_name: 'page.png' },
  ],
  categories: [
    { id: 1, name: 'one' },
    { id: 2, name: 'two' },
  ],
  annotations: [
    // Of a category that is not evaluated: the page's rows begin after it.
    { id: 1, image_id: 1, category_id: 2, bbox: [0, 0, 1, 2], iscrowd: 0, segmentation: square },
    {
      id: 2,
      image_id: 1,
      category_id: 1,
      bbox: [2, 2, 2, 2],
      iscrowd: 0,
      segmentation: [[2, 2, 4, 2, 4, 4, 2, 4]],
    },
  ],
}
const detections = [{ image_id: 1, category_id: 1, score: 0.9, segmentation: square }]

const digest = (path: string) => {
  const bytes = readFileSync(path)
  return { name: path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'detscope-serve-'))
  out = join(base, 'out')
  const images = join(base, 'images')
  for (const folder of [out, images]) mkdirSync(folder)
  const png = PNG.sync.write(new PNG({ width: 10, height: 10 }))
  writeFileSync(join(images, 'a.png'), png)
  writeFileSync(join(images, 'page.png'), '<html>')
  writeFileSync(join(base, 'secret.png'), png)
  writeFileSync(join(out, 'secret.txt'), 'secret')
  symlinkSync(join(base, 'secret.png'), join(images, 'link.png'))
  const [gt, dt] = [join(base, 'gt.json'), join(base, 'dt.json')]
  writeFileSync(gt, JSON.stringify(groundTruth))
  writeFileSync(dt, JSON.stringify(detections))
  await writeReportFolder(out, {
    html: '<!doctype html><title>report</title>',
    config: { ...resolveConfig('segm', { categoryIds: [1] }), areas: [] },
    onUnknown: 'error',
    groundTruth: digest(gt),
    detections: digest(dt),
    images,
  })
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const servers: ReportServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(options: ServeOptions = {}, folder = out): Promise<ReportServer> {
  const server = await serveReport(folder, options)
  servers.push(server)
  return server
}

describe('what is served', () => {
  test('the page, at its two names', async () => {
    const server = await start()
    for (const path of ['/', '/index.html', '/?x=1']) {
      const { status, headers, body } = await ask(server, path)
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(body.toString()).toBe('<!doctype html><title>report</title>')
    }
  })

  test('pictures by their row, with the type of their bytes', async () => {
    const { status, headers, body } = await ask(await start(), '/images/0')
    expect([status, headers['content-type']]).toEqual([200, 'image/png'])
    expect(body).toEqual(readFileSync(join(base, 'images', 'a.png')))
  })

  test('masks by the rows that the page knows', async () => {
    const { status, headers, body } = await ask(await start(), '/masks/0.json')
    expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    // Columns 2 and 3, rows 2 and 3: counts 22, 2, 8, 2, 66, of which the last two are written as differences 0 and 58.
    const masks = JSON.parse(body.toString())
    expect(masks).toEqual({ size: [10, 10], gts: [[0, 'f0280j1']], dts: [[0, '02R3']] })
  })

  test('masks of a second model, where the report has one', async () => {
    expect((await ask(await start(), '/masks-b/0.json')).status).toBe(404)
    const folder = join(base, 'two')
    mkdirSync(folder)
    const other = join(base, 'other.json')
    writeFileSync(other, JSON.stringify([{ ...detections[0], segmentation: { ...square, counts: '02R3' } }]))
    await writeReportFolder(folder, {
      html: '<!doctype html><title>report</title>',
      config: { ...resolveConfig('segm', { categoryIds: [1] }), areas: [] },
      onUnknown: 'error',
      groundTruth: digest(join(base, 'gt.json')),
      detections: digest(join(base, 'dt.json')),
      compared: digest(other),
    })
    const server = await start({}, folder)
    const masks = async (path: string) => JSON.parse((await ask(server, path)).body.toString())
    expect((await masks('/masks/0.json')).dts).toEqual((await masks('/masks-b/0.json')).dts)
    writeFileSync(other, JSON.stringify([]))
    const changed = await ask(await start({}, folder), '/masks-b/0.json')
    expect(changed.status).toBe(404)
    expect(changed.body.toString()).toContain('is not the file that the report was made from')
  })

  test('the end of a report is said, not thrown', async () => {
    const server = await start()
    expect((await ask(server, '/images/4')).status).toBe(404)
    expect((await ask(server, '/masks/4.json')).status).toBe(404)
    expect((await ask(server, '/images/999999999')).status).toBe(404)
  })

  test('HEAD has the head only', async () => {
    const { status, headers, body } = await ask(await start(), '/', {}, 'HEAD')
    expect([status, headers['content-length'], body.length]).toEqual([200, '36', 0])
  })
})

describe('nothing else is', () => {
  test.each([
    '/secret.txt',
    '/detscope.json',
    '/../gt.json',
    '/images/../../gt.json',
    '/images/..%2f..%2fgt.json',
    '/%2e%2e/gt.json',
    '/images/%2e%2e%2fsecret.png',
    '/images/a.png',
    '/images/0/../1',
    '/images/0.json',
    '/masks/0',
    '/masks/../detscope.json',
    '/images/-1',
    '/images/1e0',
    '/images/0x0',
    '//etc/passwd',
    '/etc/passwd',
    'http://127.0.0.1/etc/passwd',
    '/..\\gt.json',
    '/images/0%00.png',
    '/images/',
  ])('%s', async path => {
    const { status, body } = await ask(await start(), path)
    expect(status).toBe(404)
    expect(body.toString()).toBe('Nothing is here.')
  })

  test.each([
    [1, 'a name that leads out of the folder'],
    [2, 'a link that leads out of the folder'],
    [3, 'a file that is no picture'],
  ])('image %i: %s', async row => {
    const { status, headers, body } = await ask(await start(), `/images/${row}`)
    expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
    expect(body.toString()).toMatch(/^No picture named ".*" in .*images\.$/)
  })

  test('a page that is a link out of the folder', async () => {
    const folder = join(base, 'linked')
    mkdirSync(folder)
    writeFileSync(join(folder, 'detscope.json'), readFileSync(join(out, 'detscope.json')))
    symlinkSync(join(base, 'gt.json'), join(folder, 'index.html'))
    await expect(serveReport(folder)).rejects.toThrow(InputError)
  })
})

describe('nobody else is', () => {
  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async method => {
    const { status, headers } = await ask(await start(), '/', {}, method)
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD'])
  })

  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '0.0.0.0',
  ])('a page that had its name bent to this machine: host %j', async host => {
    expect((await ask(await start(), '/images/0', { host })).status).toBe(403)
    expect((await ask(await start(), '/', { host })).status).toBe(403)
  })

  test('localhost is this machine, also through a tunnel with another port', async () => {
    expect((await ask(await start(), '/', { host: 'localhost:9999' })).status).toBe(200)
  })

  test.each(['cross-site', 'same-site'])('a %s page gets no picture and no mask', async site => {
    const server = await start()
    for (const path of ['/images/0', '/masks/0.json']) {
      expect((await ask(server, path, { 'sec-fetch-site': site })).status).toBe(403)
      expect((await ask(server, path, { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    }
  })

  test('a machine of the network cannot connect', async () => {
    const server = await start()
    const address = Object.values(networkInterfaces())
      .flat()
      .find(entry => entry?.family === 'IPv4' && !entry.internal)?.address
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    if (!address) return
    await expect(fetch(server.url.replace('127.0.0.1', address))).rejects.toThrow('fetch failed')
  })

  test('every answer forbids what a browser might do with it', async () => {
    const server = await start()
    for (const path of ['/', '/images/0', '/masks/0.json', '/none']) {
      const { headers } = await ask(server, path)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cross-origin-resource-policy']).toBe('same-origin')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })
})

describe('what is missing is said', () => {
  test('a file that has changed since', async () => {
    const other = join(base, 'changed.json')
    writeFileSync(other, JSON.stringify(detections).replace('0.9', '0.8'))
    const { status, body } = await ask(await start({ detections: other }), '/masks/0.json')
    expect(status).toBe(404)
    expect(body.toString()).toMatch(/changed\.json is not the file that the report was made from/)
  })

  test('a file that is gone; the page is still there', async () => {
    const server = await start({ groundTruth: join(base, 'none.json') })
    expect((await ask(server, '/masks/0.json')).body.toString()).toMatch(/none\.json: no such file/)
    expect((await ask(server, '/')).status).toBe(200)
  })

  test('a folder of pictures that is gone', async () => {
    const folder = join(base, 'moved')
    mkdirSync(folder)
    const note = JSON.parse(readFileSync(join(out, 'detscope.json'), 'utf8'))
    writeFileSync(join(folder, 'detscope.json'), JSON.stringify({ ...note, images: '../gone' }))
    writeFileSync(join(folder, 'index.html'), '')
    const gone = await ask(await start({}, folder), '/images/0')
    expect([gone.status, gone.body.toString()]).toEqual([
      404,
      `--images: there is no folder ${join(base, 'gone')}`,
    ])
    const given = await start({ images: join(base, 'images') }, folder)
    expect((await ask(given, '/images/0')).status).toBe(200)
    writeFileSync(join(folder, 'detscope.json'), JSON.stringify({ ...note, images: null }))
    const none = await ask(await start({}, folder), '/images/0')
    expect(none.body.toString()).toBe('No pictures: start the server with --images DIR.')
  })

  test.each([
    ['no report', () => base, {}, 'found no detscope.json'],
    ['no folder of pictures', () => out, { images: '/none' }, '--images: there is no folder /none'],
  ])('%s', async (_, folder, options, words) => {
    await expect(serveReport(folder(), options)).rejects.toThrow(words)
  })

  test.each(['{', '{}', '{"format": 2}', 'null', '{"format": 1, "groundTruth": {}}'])(
    'a note like %s',
    async note => {
      const folder = mkdtempSync(join(base, 'note-'))
      writeFileSync(join(folder, 'detscope.json'), note)
      await expect(serveReport(folder)).rejects.toThrow('not a note of this version')
    },
  )

  test('a port that is taken', async () => {
    const port = Number(new URL((await start()).url).port)
    await expect(serveReport(out, { port })).rejects.toThrow(`--port: ${port} is in use`)
  })
})

test('the note names files as seen from its folder', () => {
  const note = JSON.parse(readFileSync(join(out, 'detscope.json'), 'utf8'))
  expect(note).toMatchObject({
    groundTruth: { name: join('..', 'gt.json') },
    images: join('..', 'images'),
    run: { iouType: 'segm', imageIds: null, categoryIds: [1], onUnknown: 'error' },
  })
})
