#!/usr/bin/env node
import module from 'node:module'

// Node keeps what it compiled for the next run, from 22.8 on.
module.enableCompileCache?.()
const { main } = await import('../dist/cli/main.js')
await main(process.argv)
