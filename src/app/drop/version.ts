declare const __DETSCOPE_VERSION__: string

/** Of the package, put in by the build. */
export const VERSION = __DETSCOPE_VERSION__
