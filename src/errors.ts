/** A file or argument that cannot be evaluated as it stands. The message names the record, what was expected and what was found. */
export class InputError extends Error {
  override readonly name = 'InputError'
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
