const STARTS: [type: string, starts: (number | null)[]][] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
  ['image/avif', [null, null, null, null, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
  ['image/bmp', [0x42, 0x4d]],
]

/** By the first bytes, not by the name; null for what is no picture, SVG among it. */
export const pictureType = (bytes: Uint8Array): string | null =>
  STARTS.find(([, starts]) => starts.every((byte, i) => byte === null || byte === bytes[i]))?.[0] ?? null
