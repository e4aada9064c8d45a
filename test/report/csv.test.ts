import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type CsvCell, csvChunks, csvText } from '../../src/report/csv.js'

const csv = (header: string[], rows: CsvCell[][]): string => [...csvChunks({ header, rows })].join('')

test('lines end in CR LF, quotes are doubled, what is undefined is empty', () => {
  expect(
    csv(
      ['a', 'b,c'],
      [
        ['x"y', 1],
        ['line\nbreak', null],
        ['', true],
      ],
    ),
  ).toBe('a,"b,c"\r\n"x""y",1\r\n"line\nbreak",\r\n,true\r\n')
})

test('numbers keep every bit; those without an end are empty', () => {
  expect(csv(['v'], [[0.1 + 0.2], [1e-7], [-0.5], [Number.POSITIVE_INFINITY], [Number.NaN]])).toBe(
    'v\r\n0.30000000000000004\r\n1e-7\r\n-0.5\r\n\r\n\r\n',
  )
})

describe('text that a spreadsheet would compute is made text', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['  =1', "'  =1"],
    ['\t=1', '"\'\t=1"'],
    ['\r\n@x', '"\'\r\n@x"'],
    ['＝1', "'＝1"],
    ['a;=1', '"a;=1"'],
    ['a=1', 'a=1'],
    ['it’s', 'it’s'],
  ])('%j', (text, cell) => expect(csvText(text)).toBe(cell))
})

const python = ['python3', 'python'].find(command => spawnSync(command, ['--version']).status === 0)

test.skipIf(python === undefined)('another reader of CSV gets the same cells', () => {
  const names = ['plain', 'a,b', 'say "hi"', 'line\r\nbreak', '', ' padded ', 'ünïcödé 箱', 'tab\there']
  const code =
    'import csv, json, sys, io; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))))'
  const { stdout } = spawnSync(python as string, ['-c', code], {
    input: csv(
      ['n'],
      names.map(name => [name, 1]),
    ),
    encoding: 'utf8',
  })
  expect(JSON.parse(stdout).slice(1)).toEqual(names.map(name => [name, '1']))
})

test('a long table comes in pieces, none of them huge', () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => [i, 'name'] as CsvCell[])
  const pieces = [...csvChunks({ header: ['i', 'n'], rows })]
  expect(pieces.length).toBeGreaterThan(5)
  expect(Math.max(...pieces.map(piece => piece.length))).toBeLessThan(70_000)
  expect(pieces.join('').split('\r\n')).toHaveLength(50_002)
})
