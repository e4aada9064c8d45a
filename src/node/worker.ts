import { parentPort } from 'node:worker_threads'
import { serveTasks, type ToThread } from '../thread-work.js'
import { fileRanges } from './ranges.js'
import { nodeTasks } from './tasks.js'

const take = serveTasks(nodeTasks, { open: fileRanges }, (message, transfer) =>
  parentPort?.postMessage(message, transfer),
)

parentPort?.on('message', (message: ToThread | { exit: true }) => {
  if ('exit' in message) parentPort?.close()
  else take(message)
})
