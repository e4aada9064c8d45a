/** An object whose properties are computed when first read, and then kept. */
export function lazily<T extends object>(parts: { [K in keyof T]: () => T[K] }): T {
  const result = {} as T
  for (const key of Object.keys(parts) as (keyof T)[]) {
    const get = (): T[keyof T] => {
      const value = parts[key]()
      Object.defineProperty(result, key, { value, enumerable: true })
      return value
    }
    Object.defineProperty(result, key, { get, enumerable: true, configurable: true })
  }
  return result
}
