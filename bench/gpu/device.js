// What a device can move: a copy in its own memory by a kernel, uploads and readbacks.

const BYTES = 256 * 2 ** 20
const ROUNDS = 5

const COPY = `
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> copy: array<vec4u>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i < arrayLength(&source)) {
    copy[i] = source[i];
  }
}`

// Values from the WebGPU specification; Node has no such globals.
const MODE_READ = 0x1
const MAP_READ = 0x1
const COPY_SRC = 0x4
const COPY_DST = 0x8
const STORAGE = 0x80
const QUERY_RESOLVE = 0x200

const best = numbers => Math.max(...numbers)

/** GB/s of each, the best of some rounds; null for what the adapter cannot time. */
export async function measureDevice(adapter) {
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  const canTime = adapter.features.has('timestamp-query')
  const device = await adapter.requestDevice({
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
    requiredFeatures: canTime ? ['timestamp-query'] : [],
  })
  try {
    const bytes = Math.min(BYTES, maxStorageBufferBindingSize, maxBufferSize)
    const from = device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC | COPY_DST })
    const to = device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC })
    const back = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST })
    const data = new Uint32Array(bytes / 4).map((_, i) => i)
    const uploads = []
    const copies = []
    const readbacks = []
    for (let round = 0; round < ROUNDS; round++) {
      uploads.push(await gigabytesPerSecond(bytes, () => upload(device, from, data)))
      if (canTime) copies.push((2 * bytes) / (await copyNs(device, from, to, bytes)))
      readbacks.push(
        await gigabytesPerSecond(bytes, () => readBack(device, canTime ? to : from, back, bytes)),
      )
    }
    return {
      copyGBs: canTime ? best(copies) : null,
      uploadGBs: best(uploads),
      readbackGBs: best(readbacks),
    }
  } finally {
    device.destroy()
  }
}

async function gigabytesPerSecond(bytes, work) {
  const fromMs = performance.now()
  await work()
  return bytes / 1e6 / (performance.now() - fromMs)
}

async function upload(device, buffer, data) {
  device.queue.writeBuffer(buffer, 0, data)
  device.queue.submit([])
  await device.queue.onSubmittedWorkDone()
}

/** Time of the copying kernel on the device. */
async function copyNs(device, from, to, bytes) {
  const module = device.createShaderModule({ code: COPY })
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } })
  const entries = [from, to].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 })
  const resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC })
  const staged = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DST })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass({
    timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
  })
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  const groups = Math.ceil(bytes / 16 / 256)
  const across = Math.min(groups, 32_768)
  pass.dispatchWorkgroups(across, Math.ceil(groups / across))
  pass.end()
  encoder.resolveQuerySet(querySet, 0, 2, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, staged, 0, 16)
  device.queue.submit([encoder.finish()])
  await staged.mapAsync(MODE_READ)
  const [begin, end] = new BigUint64Array(staged.getMappedRange())
  const elapsedNs = Number(end - begin)
  querySet.destroy()
  resolved.destroy()
  staged.destroy()
  return elapsedNs
}

async function readBack(device, from, back, bytes) {
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(from, 0, back, 0, bytes)
  device.queue.submit([encoder.finish()])
  await back.mapAsync(MODE_READ)
  const data = new Uint32Array(back.getMappedRange().slice(0))
  if (data[data.length - 1] !== data.length - 1)
    throw new Error('the device gives back other data than it got')
  back.unmap()
}
