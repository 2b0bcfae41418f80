import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withLease } from '../src/store/lease'
import { freshPhone } from './cast'

/** The browser's locks, as far as a lease needs them. */
class Locks {
  names = new Set<string>()

  request(name: string, hold: () => Promise<unknown>): Promise<unknown> {
    this.names.add(name)
    return hold()
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.names].map((name) => ({ name })) })
  }
}

const locks = new Locks()

beforeEach(async () => {
  await freshPhone()
  locks.names.clear()
  vi.stubGlobal('navigator', { locks })
})

afterEach(() => vi.unstubAllGlobals())

/** A tab that is in the middle of sending and never ends. */
async function sendsForEver(tab: string): Promise<void> {
  await new Promise<void>((begun) => void withLease('exchange', tab, () => {
    begun()
    return new Promise(() => undefined)
  }))
}

it('waits for a tab that lives', async () => {
  await sendsForEver('one')
  expect(await withLease('exchange', 'two', async () => undefined)).toBe(false)
})

it('takes over at once from a tab that was killed while it sent', async () => {
  await sendsForEver('three')
  locks.names.delete('tab:three')
  expect(await withLease('exchange', 'four', async () => undefined)).toBe(true)
})

it('takes over where the browser tells of no lock, or of one without a name', async () => {
  await sendsForEver('five')
  vi.spyOn(locks, 'query').mockResolvedValueOnce({ held: [{}] } as never).mockResolvedValueOnce({} as never)
  expect(await withLease('exchange', 'six', async () => undefined)).toBe(true)
  expect(await withLease('exchange', 'seven', async () => undefined)).toBe(true)
})
