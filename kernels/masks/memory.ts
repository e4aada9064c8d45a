// Where masks are written, and how that ends.

export const DONE: i32 = 0
/** This mask is for the twin. */
export const UNUSUAL: i32 = 1
/** There is no room for this mask. */
export const FULL: i32 = 2

/** Where the next mask goes, and where its room ends. */
export let out: u32 = 0
export let limit: u32 = 0
/** Room for what a polygon needs on the way. */
export let scratch: u32 = 0
export let scratchBytes: u32 = 0

export function setRoom(from: u32, to: u32): void {
  out = from
  limit = to
}

export function setScratch(at: u32, bytes: u32): void {
  scratch = at
  scratchBytes = bytes
}

export function wrote(bytes: u32): void {
  out += bytes
}
