/**
 * A new version of the app comes down in the background and then waits. It starts when nobody loses anything by it:
 * nothing half-typed on any open page, nothing on its way to the server. Without a service worker (in-app browsers,
 * an insecure address) the page is simply fetched anew each time it is opened.
 */
import { computed, watch } from 'vue'
import { registerSW } from 'virtual:pwa-register'
import { m } from './messages'
import { place } from './route'
import { state } from './state'
import { showToast } from './vant'

/** Screens on which nothing is being typed. */
const RESTING = ['today', 'mine', 'history', 'returned', 'device', 'visit', 'map', 'help']
/** Who typed a moment ago has only looked something up and goes on typing. */
const FRESH_MS = 10 * 60_000
const LOOK_EVERY_MS = 60 * 60_000
const BUSY = 'busy-page'

const typing = computed(() => {
  if (!RESTING.includes(place.screen)) return true
  return state.drafts.some((draft) => Math.abs(state.now - Date.parse(draft.touched_at)) < FRESH_MS)
})

/** Whether this page has something that a new start would disturb. */
export const isBusy = computed(() => state.progress.running || typing.value)

/** A lock as long as this page is busy; the browser takes it back when the page dies. */
let release: (() => void) | null = null

function show(busy: boolean): void {
  if (!busy) {
    release?.()
    release = null
    if (document.visibilityState === 'hidden') void startIfIdle()
  } else if (!release) {
    const held = new Promise<void>((done) => (release = done))
    void navigator.locks?.request(BUSY, { mode: 'shared' }, () => held)
  }
}

/** Whether any open page is busy; a browser without locks knows of this one alone. */
async function isAnyBusy(): Promise<boolean> {
  if (isBusy.value) return true
  const { held = [] } = (await navigator.locks?.query?.()) ?? {}
  return held.some((lock) => lock.name === BUSY)
}

let start: ((reload?: boolean) => Promise<void>) | null = null

async function startIfIdle(): Promise<boolean> {
  if (!state.update || !start || (await isAnyBusy())) return false
  await start(true)
  return true
}

/** The person asked for it: if another page is in the way, they are told. */
async function startAsAsked(): Promise<void> {
  if (!(await startIfIdle())) showToast(m.banner.updateWaits)
}

function look(registration: ServiceWorkerRegistration): void {
  setInterval(() => void (navigator.onLine && registration.update().catch(() => undefined)), LOOK_EVERY_MS)
}

/** Registers the service worker and lets new versions start when they may. */
export function keepUpToDate(): void {
  watch(isBusy, show, { immediate: true })
  start = registerSW({
    onNeedRefresh() {
      state.update = () => void startAsAsked()
      // Just opened: the new version may as well be the one that is looked at.
      if (performance.now() < 5_000) void startIfIdle()
    },
    onRegisteredSW: (_address, registration) => void (registration && look(registration)),
  })
  document.addEventListener('visibilitychange', () => void (document.visibilityState === 'hidden' && startIfIdle()))
  // After a release the old pieces are gone from the server: a page still open then offers the new one.
  addEventListener('vite:preloadError', () => {
    if (navigator.onLine) state.update = () => location.reload()
  })
}
