import { formatCount } from '../format.js'
import { DoneIcon, OpenIcon } from './icons.js'
import { type Intake, MAX_MODELS } from './intake.js'

interface SlotProps {
  title: string
  /** What is there; null while nothing is. */
  content: { name: string; detail: string } | null
  hint?: string
  onRemove?: () => void
}

const Slot = ({ title, content, hint, onRemove }: SlotProps) => (
  <div class={content === null ? 'slot' : 'slot full'}>
    {content === null ? <OpenIcon /> : <DoneIcon />}
    <dt>{title}</dt>
    <dd>
      {content === null ? (
        hint
      ) : (
        <span class="text" title={content.name}>
          <span class="name">{content.name}</span> <span class="size">{content.detail}</span>
        </span>
      )}
    </dd>
    {content !== null && (
      <dd class="remove">
        <button type="button" class="plain" aria-label={`Remove ${content.name}`} onClick={onRemove}>
          Remove
        </button>
      </dd>
    )}
  </div>
)

const sized = ({ name, size }: File): { name: string; detail: string } => ({
  name,
  detail: formatBytes(size),
})

const evaluated = (dt: File): { name: string; detail: string } => ({
  name: dt.name,
  detail: `${formatBytes(dt.size)}, evaluated`,
})

/** 999 B, 1.2 kB, 34.0 MB, 1.20 GB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

interface SlotsProps {
  intake: Intake
  /** Whether a prediction file needs no evaluation any more. */
  isEvaluated: (dt: File) => boolean
  onChange: (intake: Intake) => void
}

/** What has been dropped so far, each file with its role. */
export function Slots({ intake, isEvaluated, onChange }: SlotsProps) {
  const { gt, dts } = intake
  const without = (changes: Partial<Intake>) => (): void => onChange({ ...intake, ...changes, notes: [] })
  return (
    <dl class="slots" aria-label="Chosen files">
      <Slot
        title="Ground truth"
        content={gt && sized(gt)}
        hint="still to come"
        onRemove={without({ gt: null })}
      />
      {dts.map((dt, i) => (
        <Slot
          key={dt}
          title={dts.length === 1 ? 'Predictions' : `Predictions ${'AB'[i]}`}
          content={isEvaluated(dt) ? evaluated(dt) : sized(dt)}
          onRemove={without({ dts: dts.filter(other => other !== dt) })}
        />
      ))}
      {dts.length === 0 && <Slot title="Predictions" content={null} hint="still to come" />}
      {dts.length > 0 && dts.length < MAX_MODELS && (
        <Slot title="Second predictions" content={null} hint="if you like, to look at beside the first" />
      )}
      <Slot
        title="Images"
        content={pictureWords(intake)}
        hint="if you like, to see the errors"
        onRemove={without({ pictures: { files: [], zips: [] } })}
      />
    </dl>
  )
}

function pictureWords({ pictures: { files, zips } }: Intake): { name: string; detail: string } | null {
  if (files.length + zips.length === 0) return null
  const names = zips.map(({ name }) => name)
  if (files.length > 0)
    names.unshift(files.length === 1 ? files[0].path : `${formatCount(files.length)} files`)
  const bytes = [...zips, ...files.map(({ file }) => file)].reduce((sum, { size }) => sum + size, 0)
  return { name: names.join(', '), detail: formatBytes(bytes) }
}
