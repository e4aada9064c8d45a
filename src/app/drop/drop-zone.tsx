import { useRef } from 'preact/hooks'
import { TrayIcon } from './icons.js'
import { chosenFiles } from './intake.js'
import type { PictureFile } from './protocol.js'

interface DropZoneProps {
  /** Whether files are held over the window. */
  isOver: boolean
  /** Whether something has been dropped. */
  isSmall: boolean
  onFiles: (files: PictureFile[]) => void
  onDemo: () => void
}

/** Where files are dropped, or chosen without a mouse. */
export function DropZone({ isOver, isSmall, onFiles, onDemo }: DropZoneProps) {
  const chooseClass = isSmall ? 'quiet' : 'primary'
  return (
    <section class={`zone${isSmall ? ' small' : ''}${isOver ? ' over' : ''}`} aria-labelledby="drop-title">
      <TrayIcon />
      <h2 id="drop-title">
        {isOver ? 'Let go to add them' : isSmall ? 'Drop more files here' : 'Drop files here'}
      </h2>
      <p>
        A COCO ground truth, one or two prediction files (<code>.json</code> or <code>.json.gz</code>) and, if
        you like, a folder or a zip of the images. In any order: each is known by its content.
      </p>
      <div class="row">
        <Chooser label="Files" title="Choose files" buttonClass={chooseClass} onFiles={onFiles} />
        <Chooser label="Folder of images" title="Choose a folder" isFolder onFiles={onFiles} />
        {!isSmall && (
          <button type="button" class="quiet" onClick={onDemo}>
            Try the demo
          </button>
        )}
      </div>
    </section>
  )
}

interface ChooserProps {
  label: string
  title: string
  buttonClass?: string
  isFolder?: boolean
  onFiles: (files: PictureFile[]) => void
}

/** A button that opens the system's dialogue. */
export function Chooser({ label, title, buttonClass = 'quiet', isFolder = false, onFiles }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class={buttonClass} onClick={() => input.current?.click()}>
        {title}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        {...(isFolder ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          if (currentTarget.files) onFiles(chosenFiles(currentTarget.files))
          // The same file may be chosen again.
          currentTarget.value = ''
        }}
      />
    </>
  )
}
