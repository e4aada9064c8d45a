import { useRef } from 'preact/hooks'
import { formatCount } from '../format.js'
import { chosenFiles, type Intake, MAX_MODELS, pictureCount } from './intake.js'
import type { PictureFile } from './protocol.js'

interface DropZoneProps {
  /** Whether files are held over the window. */
  isOver: boolean
  onFiles: (files: PictureFile[]) => void
  onDemo: () => void
}

/** Where files are dropped, or chosen without a mouse. */
export function DropZone({ isOver, onFiles, onDemo }: DropZoneProps) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement): void => {
    if (input.files) onFiles(chosenFiles(input.files))
    // The same file may be chosen again.
    input.value = ''
  }
  return (
    <section class={isOver ? 'zone over' : 'zone'} aria-labelledby="drop-title">
      <h2 id="drop-title">Drop files here</h2>
      <p>
        A COCO ground truth, one or two prediction files (<code>.json</code> or <code>.json.gz</code>), and,
        if you like, a folder or a zip of the images. In any order.
      </p>
      <div class="row">
        <button type="button" class="main" onClick={() => files.current?.click()}>
          Choose files
        </button>
        <button type="button" class="quiet" onClick={() => folder.current?.click()}>
          Choose a folder of images
        </button>
        <button type="button" class="quiet" onClick={onDemo}>
          Try the demo
        </button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files"
        onChange={event => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder of images"
        {...{ webkitdirectory: true }}
        onChange={event => take(event.currentTarget)}
      />
    </section>
  )
}

interface SlotProps {
  name: string
  /** What is there; null while nothing is. */
  content: string | null
  hint: string
  onRemove?: () => void
}

const Slot = ({ name, content, hint, onRemove }: SlotProps) => (
  <div class={content === null ? 'slot' : 'slot full'}>
    <dt>{name}</dt>
    <dd>
      <span class="text">{content ?? hint}</span>
      {content !== null && onRemove && (
        <button type="button" class="plain" aria-label={`Remove ${content}`} onClick={onRemove}>
          remove
        </button>
      )}
    </dd>
  </div>
)

const sized = ({ name, size }: File): string => `${name}, ${formatBytes(size)}`

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** What has been dropped so far. */
export function Slots({ intake, onChange }: { intake: Intake; onChange: (intake: Intake) => void }) {
  const { gt, dts, pictures } = intake
  const without = (changes: Partial<Intake>) => (): void => onChange({ ...intake, ...changes, notes: [] })
  const count = pictureCount(pictures)
  return (
    <dl class="slots" aria-label="Files">
      <Slot
        name="Ground truth"
        content={gt && sized(gt)}
        hint="still to come"
        onRemove={without({ gt: null })}
      />
      {dts.map((dt, i) => (
        <Slot
          key={dt}
          name={i === 0 ? 'Predictions' : 'Predictions to compare'}
          content={sized(dt)}
          hint=""
          onRemove={without({ dts: dts.filter(other => other !== dt) })}
        />
      ))}
      {dts.length === 0 && <Slot name="Predictions" content={null} hint="still to come" />}
      {dts.length > 0 && dts.length < MAX_MODELS && (
        <Slot name="Predictions to compare" content={null} hint="a second file, if you like" />
      )}
      <Slot
        name="Images"
        content={count === 0 ? null : pictureWords(intake)}
        hint="if you like"
        onRemove={without({ pictures: { files: [], zips: [] } })}
      />
    </dl>
  )
}

function pictureWords({ pictures: { files, zips } }: Intake): string {
  const words = zips.map(sized)
  if (files.length > 0)
    words.unshift(files.length === 1 ? files[0].path : `${formatCount(files.length)} files`)
  return words.join('; ')
}
