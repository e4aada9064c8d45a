/** Memory that other threads see without a copy, where the platform allows it (a page must be cross-origin isolated). */
const canShare = (): boolean => typeof SharedArrayBuffer === 'function'

export const sharedBytes = (length: number): Uint8Array =>
  new Uint8Array(canShare() ? new SharedArrayBuffer(length) : new ArrayBuffer(length))

type Shareable = Uint8Array | Uint32Array | Int32Array | Float64Array

/** A copy in shared memory where the platform allows it. */
export function sharedCopy<T extends Shareable>(values: T): T {
  const bytes = sharedBytes(values.byteLength)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const Type = values.constructor as new (buffer: ArrayBufferLike) => T
  return new Type(bytes.buffer)
}

/** The values themselves where they lie in shared memory, else a copy that does where the platform allows it. */
export const asShared = <T extends Shareable>(values: T): T =>
  canShare() && values.buffer instanceof SharedArrayBuffer ? values : sharedCopy(values)

/**
 * A copy of plain data in which every typed array lies in shared memory, so that sending it to many threads copies
 * nothing. Arrays that are shared already are taken as they are, and one that stands in two places is copied once.
 */
export const share = <T>(value: T): T => (canShare() ? sharePart(value, new Map()) : value)

/** Lists of names, which may be long, are left as they are. */
const shareList = (list: unknown[], copies: Map<unknown, unknown>): unknown[] =>
  list.some(part => typeof part === 'object') ? list.map(part => sharePart(part, copies)) : list

function sharePart<T>(value: T, copies: Map<unknown, unknown>): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return shareList(value, copies) as T
  if (!ArrayBuffer.isView(value)) {
    const parts = Object.entries(value).map(([key, part]) => [key, sharePart(part, copies)])
    return Object.fromEntries(parts) as T
  }
  if (value.buffer instanceof SharedArrayBuffer) return value
  const copy = copies.get(value) ?? sharedCopy(value as unknown as Shareable)
  copies.set(value, copy)
  return copy as T
}
