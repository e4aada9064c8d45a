/** What messages advise on the command line, in the words of the app. */
const HINTS: [string, string][] = [
  ['--on-unknown warn (onUnknown: "warn")', 'choose “left out and counted” for unknown ids'],
  ['("--iou-type bbox" evaluates the boxes)', '(choose to compare boxes)'],
]

export const inTheApp = (message: string): string =>
  HINTS.reduce((text, [words, ours]) => text.replace(words, ours), message)
