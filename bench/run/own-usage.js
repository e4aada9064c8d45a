// Loaded into a Node process by measure.js where there is no Python: tells what that process used when it ends. Written
// to file descriptor 3 as measure.py does.

import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

if (isMainThread)
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    writeSync(3, JSON.stringify({ cpuS: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 }))
  })
