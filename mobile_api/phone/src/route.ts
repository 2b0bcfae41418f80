/** Where the person is, kept in the address after #, so that the phone's back button works. */
import { reactive } from 'vue'

export interface Place {
  screen: string
  id: string
}

function read(): Place {
  const [screen = '', id = ''] = location.hash.replace(/^#\/?/, '').split('/')
  return { screen: screen || 'today', id: decodeURIComponent(id) }
}

export const place = reactive<Place>(read())

addEventListener('hashchange', () => {
  Object.assign(place, read())
  scrollTo(0, 0)
})

function addressOf(screen: string, id: string): string {
  return id ? `#/${screen}/${encodeURIComponent(id)}` : `#/${screen}`
}

export function go(screen: string, id: string | number = ''): void {
  location.hash = addressOf(screen, String(id))
}

/** Goes on without leaving a step behind: the back button must not return to a form that is saved. */
export function replace(screen: string, id: string | number = ''): void {
  history.replaceState(null, '', addressOf(screen, String(id)))
  Object.assign(place, read())
  scrollTo(0, 0)
}

/** One step back, or to the list when this was the first page opened. */
export function back(): void {
  if (history.length > 1) history.back()
  else replace('today')
}
