/** The text of a block of a page. */
export const textOf = (ascii: Uint8Array | undefined): string => new TextDecoder().decode(ascii)
