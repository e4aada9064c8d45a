/** What each correction changes alone; drawn once the report says so. */
export function Corrections() {
  return null
}
