import { useActions, useAppState, useReport } from '../ui/hooks.js'
import { Switch } from '../ui/parts.js'

/** How detections are matched: within which class, what crowd regions do, how many detections count. */
export function MatchRules() {
  const { classAgnostic, crowds, protocol } = useAppState()
  const report = useReport()
  const { step } = useActions()
  return (
    <div class="matching">
      <div class="row">
        <span class="muted">Matching</span>
        <Switch
          label="Matching"
          value={classAgnostic ? 'any' : 'own'}
          options={[
            { value: 'own', title: 'within a class' },
            { value: 'any', title: 'class-agnostic' },
          ]}
          onChange={value => step(now => ({ ...now, classAgnostic: value === 'any' }))}
        />
      </div>
      {report.hasCrowds && (
        <div class="row">
          <span class="muted">Crowd regions</span>
          <Switch
            label="Crowd regions"
            value={crowds}
            options={[
              { value: 'ignored', title: 'ignored' },
              { value: 'counted', title: 'counted' },
              { value: 'out', title: 'left out' },
            ]}
            onChange={value => step(now => ({ ...now, crowds: value }))}
          />
        </div>
      )}
      {protocol === 'coco' && <Cap />}
    </div>
  )
}

/** The cap of protocol `coco`. */
function Cap() {
  const state = useAppState()
  const report = useReport()
  const { slide, step } = useActions()
  const { maxDet, classAgnostic } = state
  return (
    <div class="row">
      <label class="field number">
        <span>Detections kept</span>
        <input
          type="number"
          min={1}
          step={1}
          aria-label={`Detections kept of an image${classAgnostic ? '' : ' and class'}`}
          value={report.capOf(state)}
          onInput={event => {
            const cap = event.currentTarget.valueAsNumber
            if (Number.isInteger(cap) && cap > 0 && cap < 1e9) slide(now => ({ ...now, maxDet: cap }))
          }}
        />
      </label>
      <span class="muted">an image{classAgnostic ? '' : ' and class'}</span>
      {maxDet !== null && (
        <button type="button" class="plain" onClick={() => step(now => ({ ...now, maxDet: null }))}>
          as the run
        </button>
      )}
    </div>
  )
}
