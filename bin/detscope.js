#!/usr/bin/env node
import module from 'node:module'

module.enableCompileCache?.() // kept for the next run, from Node 22.8 on
const { main } = await import('../dist/cli/main.js')
await main(process.argv)
