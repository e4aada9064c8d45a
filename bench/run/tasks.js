// What is measured, as data. A task has
//   target, name       where it belongs, its key
//   data               parameters of its data set
//   file, iouType      which detections, and how they are compared
//   maxDets, threads   where not the default
//   who                'peers' (this project against the other tools), 'own', or 'report'
//   leftOut            { tool: reason }
//   axis               for growth: what grows; "grows" names the parameter where others grow with it

import os from 'node:os'

const BOXES = { file: 'bbox', iouType: 'bbox' }
const MASKS = { file: 'segm', iouType: 'segm' }
// Detectron2 and MMDetection write boxes beside the masks.
const BOTH = { file: 'both', iouType: 'segm' }

const NO_BOXES = 'cannot read masks without boxes beside them'
const SEEN = 'left out: see the masks alone (--slow runs it)'
const MINUTES = 'left out: takes minutes (--slow runs it)'
const HOURS = 'left out: loops over every pair in Python, takes hours (--slow runs it)'

const val2017 = (detections, more) => ({
  ...{ shape: 'plain', masks: true, images: 5000, classes: 80, groundTruths: 37_000, detections, seed: 1 },
  ...more,
})
const objects365 = (detections, images = 80_000) => ({
  ...{ shape: 'wide', masks: false, images, classes: 365, groundTruths: 15.5 * images, detections },
  seed: 1,
})
const dense = (images, objects) => ({
  ...{ shape: 'dense', masks: true, images, objectsPerImage: objects, detectionsPerImage: objects, seed: 1 },
})

const plainTasks = [185_000, 500_000].flatMap(detections => {
  const what = { target: 'plain', data: val2017(detections), who: 'peers' }
  return [
    { ...what, name: `plain-boxes-${detections}`, ...BOXES },
    { ...what, name: `plain-masks-${detections}`, ...MASKS, leftOut: { vernier: NO_BOXES } },
  ]
})
const bothTask = {
  ...{ target: 'plain', name: 'plain-both-500000', data: val2017(500_000), ...BOTH, who: 'peers' },
  leftOut: { pycocotools: SEEN, 'faster-coco-eval': SEEN },
}

const wideTasks = [1_200_000, 10_000_000].map(detections => ({
  ...{ target: 'objects365', name: `objects365-${detections}`, data: objects365(detections), ...BOXES },
  ...{ who: 'peers', leftOut: { pycocotools: MINUTES, 'faster-coco-eval': MINUTES } },
}))

const denseTasks = [
  ['dense-small', dense(2, 200), {}],
  ['dense', dense(200, 2000), { pycocotools: HOURS }],
].flatMap(([name, data, leftOut]) => {
  const what = { target: 'dense', data, maxDets: [1, 10, data.objectsPerImage], who: 'peers', leftOut }
  return [
    { ...what, name: `${name}-boxes`, ...BOXES },
    { ...what, name: `${name}-masks`, ...BOTH },
  ]
})

const growing = (axis, values, dataOf, more = () => BOXES) =>
  values.map(value => ({
    ...{ target: 'growth', name: `${axis.replace(/\W+/g, '-')}-${value}`, axis, who: 'own' },
    ...{ data: dataOf(value), ...more(value) },
  }))
const cores = os.availableParallelism()
const threadCounts = [1, 2, 4, 8, 16, 32, 64].filter(threads => threads <= Math.max(2, cores))
const growthTasks = [
  ...growing('detections', [62_500, 125_000, 250_000, 500_000, 1_000_000], n => val2017(n, { masks: false })),
  ...growing('images', [1250, 5000, 20_000, 80_000], images => val2017(250_000, { masks: false, images })),
  ...growing('classes', [1, 10, 100, 1000], classes => val2017(250_000, { masks: false, classes })),
  ...growing(
    'images, ground truths and detections',
    [150_000, 300_000, 600_000, 1_200_000],
    n => objects365(n, n / 15),
    () => ({ ...BOXES, grows: 'detections' }),
  ),
  ...[BOXES, MASKS].flatMap(what =>
    growing(
      `threads (${what === BOXES ? 'boxes' : 'masks'})`,
      threadCounts,
      () => val2017(500_000),
      threads => ({ ...what, threads }),
    ),
  ),
]

const reportTasks = [BOXES, MASKS].map(what => ({
  ...{ target: 'report', name: `report-${what.iouType}`, data: val2017(500_000), ...what, who: 'report' },
}))

export const TASKS = [...plainTasks, bothTask, ...wideTasks, ...denseTasks, ...growthTasks, ...reportTasks]
export const TARGETS = [...new Set(TASKS.map(({ target }) => target))]

/** The same tasks on data that take a second, to see that everything runs. */
export const QUICK_TASKS = TASKS.filter(({ name }) => !/185000|1200000/.test(name)).map(task => ({
  ...task,
  data: smaller(task.data),
  leftOut: task.leftOut?.vernier === NO_BOXES ? { vernier: NO_BOXES } : {},
}))

function smaller(data) {
  const divisors = { images: 100, classes: 10, groundTruths: 500, detections: 500 }
  const small = { ...data }
  for (const [key, divisor] of Object.entries(divisors))
    if (data[key] > 1) small[key] = Math.ceil(data[key] / divisor)
  if (data.shape === 'dense') small.objectsPerImage = small.detectionsPerImage = data.objectsPerImage / 20
  return small
}

/** How large it is in what grows. */
export const sizeOf = ({ axis, grows = axis, threads, data }) => threads ?? data[grows]

/** What a reader is told of a task. */
export function titleOf({ target, file, data, axis, grows = axis, threads }) {
  const what = { bbox: 'boxes', segm: 'masks', both: 'masks with boxes beside them' }[file]
  const count = key => data[key].toLocaleString('en')
  if (target === 'dense')
    return `${count('images')} images with ${count('objectsPerImage')} ${what} of one class each`
  if (axis) return `${axis}: ${(threads ?? data[grows]).toLocaleString('en')}`
  const truths = `${count('groundTruths')} ground truths in ${count('images')} images, ${data.classes} classes`
  return `${count('detections')} ${what}, ${truths}`
}

/** The title without the ground truth. */
export const shortTitleOf = task => titleOf(task).replace(/, [\d,]+ ground truths .*/, '')
