/** A file or argument that cannot be evaluated as it stands. The message names the record, what was expected and what was found. */
export class InputError extends Error {
  override readonly name: string = 'InputError'
}

/**
 * A mask that cannot be decoded. `row` is its row in `masks`, which are EncodedMasks; `reason` says what is wrong without
 * naming the record.
 */
export class MaskError extends InputError {
  override readonly name = 'MaskError'
  readonly masks: object
  readonly row: number
  readonly reason: string

  constructor(masks: object, row: number, reason: string) {
    super(`mask ${row}: ${reason}`)
    this.masks = masks
    this.row = row
    this.reason = reason
  }
}

/** Why a device gave up: it is gone for good, or this batch was too large for it. */
export type DeviceErrorKind = 'lost' | 'capacity'

/** A compute device that failed at work. The caller may retry with less ("capacity") or go on without it ("lost"). */
export class DeviceError extends Error {
  override readonly name = 'DeviceError'
  readonly kind: DeviceErrorKind

  constructor(kind: DeviceErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** What to do where a run does not fit into the memory that it may take. */
export const MEMORY_ADVICE =
  'Allow more (--memory, memoryBytes), or cut both files by class: the numbers of a class need no other'
