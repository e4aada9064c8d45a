/** Where a command prints; results go to `out`, everything else to `err`. */
export interface Io {
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}
