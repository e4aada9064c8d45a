declare const __DETSCOPE_VERSION__: string
declare const __DETSCOPE_PAGE__: string

/** Of the package, put in by the build. */
export const VERSION = __DETSCOPE_VERSION__

/** Where the page of a report stands, from the app's own page. */
export const PAGE_ADDRESS = __DETSCOPE_PAGE__
