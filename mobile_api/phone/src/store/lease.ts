/** One tab sends at a time. A lease in the database also works where navigator.locks does not. */
import { database } from './db'

interface Lease {
  holder: string
  until: number
}

export const LEASE_MS = 90_000

async function take(name: string, holder: string, now: number): Promise<boolean> {
  const tx = (await database()).transaction('facts', 'readwrite')
  const held = (await tx.store.get(`lease:${name}`)) as Lease | undefined
  // A lease far in the future was written under a wrong clock; it may not block sending for ever.
  const free = !held || held.holder === holder || held.until <= now || held.until > now + 2 * LEASE_MS
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
  if (!(await take(name, holder, Date.now()))) return false
  try {
    await work(() => take(name, holder, Date.now()))
  } finally {
    await drop(name, holder)
  }
  return true
}
