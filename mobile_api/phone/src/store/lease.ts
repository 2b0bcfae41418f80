/** One tab sends at a time. A lease in the database also works where navigator.locks does not. */
import { database } from './db'

interface Lease {
  holder: string
  until: number
}

export const LEASE_MS = 90_000

const announced = new Map<string, Promise<void>>()

/** A lock that the browser takes back when the tab dies: its lease need not be waited for then. */
function announce(holder: string): Promise<void> {
  if (!navigator.locks) return Promise.resolve()
  const known = announced.get(holder)
  if (known) return known
  const granted = new Promise<void>((alive) => {
    void navigator.locks.request(`tab:${holder}`, () => {
      alive()
      return new Promise(() => undefined)
    })
  })
  announced.set(holder, granted)
  return granted
}

/** The locks of tabs that live; null where the browser cannot tell, and only the lease's end counts. */
async function living(): Promise<Set<string> | null> {
  if (!navigator.locks) return null
  const { held = [] } = await navigator.locks.query()
  return new Set(held.map((lock) => lock.name ?? ''))
}

async function take(name: string, holder: string, now: number): Promise<boolean> {
  const tabs = await living()
  const tx = (await database()).transaction('facts', 'readwrite')
  const held = (await tx.store.get(`lease:${name}`)) as Lease | undefined
  // A lease far in the future was written under a wrong clock; it may not block sending for ever.
  const over = !held || held.until <= now || held.until > now + 2 * LEASE_MS
  const free = over || held.holder === holder || (tabs !== null && !tabs.has(`tab:${held.holder}`))
  if (free) await tx.store.put({ holder, until: now + LEASE_MS }, `lease:${name}`)
  await tx.done
  return free
}

async function drop(name: string, holder: string): Promise<void> {
  const tx = (await database()).transaction('facts', 'readwrite')
  const held = (await tx.store.get(`lease:${name}`)) as Lease | undefined
  if (held?.holder === holder) await tx.store.delete(`lease:${name}`)
  await tx.done
}

/** Runs `work` if no other tab holds the lease; answers whether it ran. `renew` keeps it during long work. */
export async function withLease(
  name: string,
  holder: string,
  work: (renew: () => Promise<boolean>) => Promise<void>,
): Promise<boolean> {
  await announce(holder)
  if (!(await take(name, holder, Date.now()))) return false
  try {
    await work(() => take(name, holder, Date.now()))
  } finally {
    await drop(name, holder)
  }
  return true
}
