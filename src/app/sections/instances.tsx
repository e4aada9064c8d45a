import { useCallback, useMemo, useRef, useState } from 'preact/hooks'
import type { InstanceRow } from '../../metrics/instances.js'
import { ReasonBars } from '../charts/reason-bars.js'
import { csvParts, saveFile } from '../download.js'
import { plural } from '../format.js'
import { INSTANCE_TABLE, sortOf } from '../listing.js'
import { Gallery } from '../pictures/gallery.js'
import { Part, useActions, useAppState, useReport } from '../ui/hooks.js'
import { imageName, instanceColumns } from '../ui/instance-cells.js'
import { useListed } from '../ui/listed.js'
import { Switch } from '../ui/parts.js'
import { VirtualTable } from '../ui/table.js'
import { Section } from './section.js'

const NOTHING: InstanceRow[] = []

export function Instances() {
  const state = useAppState()
  const report = useReport()
  const listed = useListed()
  const { step, adjust } = useActions()
  const columns = useMemo(() => instanceColumns(report), [report])
  const open = useCallback(
    ({ kind, row }: InstanceRow) => step(now => ({ ...now, open: { kind, row } })),
    [step],
  )
  const [saving, setSaving] = useState(false)
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined)
  const save = async (): Promise<void> => {
    if (!listed) return
    setSaving(true)
    const names = [
      'kind',
      'id',
      'outcome',
      'class',
      'image',
      'score',
      'iou',
      'best_iou',
      'best_id',
      'matched_id',
      'area',
      'size',
      'reason',
      'why',
    ]
    const cells = (row: InstanceRow) => [
      row.kind === 'dt' ? 'detection' : 'ground truth',
      row.id,
      row.outcome,
      report.scene.categories.names[row.category],
      imageName(report, row.image),
      row.score,
      row.iou,
      row.bestIou,
      row.bestId,
      row.partnerId,
      row.area,
      row.size,
      row.reason.code,
      row.reason.text,
    ]
    saveFile(
      'instances.csv',
      'text/csv',
      await csvParts(names, listed.count, place => cells(listed.rowAt(place))),
    )
    setSaving(false)
  }
  return (
    <Section
      id="instances"
      lead={`${listed ? plural(listed.count, 'instance') : '…'}: those that the filters above leave.`}
    >
      <Part>
        <ReasonBars />
      </Part>
      <div class="row tools">
        <Switch
          label="Layout"
          value={state.layout}
          options={[
            { value: 'table', title: 'Table' },
            { value: 'gallery', title: 'Gallery' },
          ]}
          onChange={layout => adjust(now => ({ ...now, layout }))}
        />
        <label class="field">
          <span>find</span>
          <input
            type="search"
            placeholder="class or file name"
            value={state.find}
            onInput={event => {
              const find = event.currentTarget.value
              clearTimeout(typing.current)
              typing.current = setTimeout(() => adjust(now => ({ ...now, find })), 150)
            }}
          />
        </label>
        <button type="button" class="quiet" disabled={!listed || saving} onClick={save}>
          {saving ? 'Saving…' : 'Save as CSV'}
        </button>
      </div>
      {state.layout === 'gallery' ? (
        <Gallery />
      ) : (
        <VirtualTable
          id={INSTANCE_TABLE}
          label="Instances"
          columns={columns}
          count={listed?.count ?? 0}
          rowAt={place => listed?.rowAt(place) ?? NOTHING[place]}
          sort={sortOf(state)}
          isMarked={row => state.open?.kind === row.kind && state.open.row === row.row}
          onRow={open}
          empty="No instance is like that."
          rowHeight={44}
        />
      )}
    </Section>
  )
}
