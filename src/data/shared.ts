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

/**
 * A copy of plain data in which every typed array lies in shared memory, so that sending it to many threads copies
 * nothing. Arrays that are shared already are taken as they are.
 */
export function share<T>(value: T): T {
  if (!canShare() || typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) {
    return value.buffer instanceof SharedArrayBuffer
      ? value
      : (sharedCopy(value as unknown as Shareable) as unknown as T)
  }
  if (Array.isArray(value)) return value.map(share) as T
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, share(part)])) as T
}
