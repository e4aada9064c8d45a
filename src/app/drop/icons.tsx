/** Drawn in the colour of the text around them; words beside them say the same. */

const icon = (path: string) => () => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={path} />
  </svg>
)

export const TrayIcon = icon('M12 3v11m-4-4 4 4 4-4M4 15v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4')
export const LockIcon = icon('M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11')
export const DoneIcon = icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m-4 9.5 2.8 2.8L16 9.5')
export const OpenIcon = icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18')
