import { describe, expect, test } from 'vitest'
import { markdownName, markdownProse, markdownTable } from '../../src/report/markdown-text.js'

/** What a browser shows of text with numeric entities. */
const shown = (html: string): string =>
  html.replace(/<\/?code>/g, '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

const HOSTILE = [
  'a|b',
  'a\\|b',
  '<img src=x onerror=alert(1)>',
  '</code><script>alert(1)</script>',
  '`code`',
  '**bold** _em_ ~~gone~~',
  '[link](javascript:alert(1))',
  '![pic](http://tracker/x.png)',
  '@somebody',
  'fixes #12',
  'GH-12 owner/repo#3',
  'http://evil.example',
  'www.evil.example',
  'me@evil.example',
  ':tada:',
  '&lt;b&gt;',
  '$x^2$',
  '# heading',
  '- item',
  '1. item',
  '> quote',
]

describe('names of files are text and nothing else', () => {
  test.each(HOSTILE)('%s', name => {
    const text = markdownName(name)
    expect(shown(text)).toBe(name)
    const inside = text.slice('<code>'.length, -'</code>'.length).replace(/&#\d+;/g, '')
    expect(inside).not.toMatch(/[|\\<>`*~[\]!@#:&$^]|\b_|_\b/)
    expect(inside).not.toMatch(/www\.|:\/\//)
  })

  test('plain names stay readable in the source', () => {
    expect(markdownName('cardboard_box')).toBe('<code>cardboard_box</code>')
    expect(markdownName('Gabelstapler (groß), 2')).toBe('<code>Gabelstapler (groß), 2</code>')
  })

  test('line breaks, controls and marks of direction become blanks', () => {
    expect(markdownName('a\n\n# b\u202e\u0000c')).toBe('<code>a &#35; b c</code>')
  })
})

test('prose keeps its words, and what it quotes is a name', () => {
  expect(markdownProse('Masks are loose on "pal|let": median IoU .68, others .88.')).toBe(
    'Masks are loose on <code>pal&#124;let</code>&#58; median IoU .68, others .88.',
  )
  expect(markdownProse('"a" and "<b>"')).toBe('<code>a</code> and <code>&#60;b&#62;</code>')
  expect(shown(markdownProse('an odd " quote'))).toBe('an odd " quote')
})

test('a table has one line a row and says how it is aligned', () => {
  expect(markdownTable(['class', 'AP'], [['a', '1']])).toBe('| class | AP |\n| :-- | --: |\n| a | 1 |')
})
