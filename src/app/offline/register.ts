/**
 * Keeps the app for use without a network, where the browser and the address allow it (https or this machine). Nothing
 * depends on it: where it fails, the app goes on as it is.
 */
export function keepOffline(): void {
  // The types say that it is always there.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  const register = (): void => {
    container?.register(new URL('sw.js', document.baseURI), { updateViaCache: 'none' }).catch(() => {})
  }
  // After the page itself: it loads the same files.
  if (document.readyState === 'complete') register()
  else addEventListener('load', register, { once: true })
}
