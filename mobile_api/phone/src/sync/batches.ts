/**
 * Handing in many at once, under one law for visits and suggestions. What the server took is done; what it refused
 * for ever is refused; all else waits. If a batch as a whole does not get through although the way is open, it is
 * halved until what stops it stands alone: that one is refused (if the server said so) or held back, and never holds
 * up the others.
 */
import { NoAnswer, Refused, ask } from './client'
import { isPushed } from './shapes'

export const BATCH = 50
/** As many in a row held back without anything getting through: not the things are stopped, but the way is. */
const MOST_IN_A_ROW = 3

export interface Kind<T> {
  /** Sends them, keeps what the server says, and answers those it said nothing of that we understand. */
  post: (items: T[], token: string) => Promise<T[]>
  refuse: (item: T, error: Refused) => Promise<void>
  /** Answers whether it rests now, or is simply tried again with all others. */
  hold: (item: T, status: number) => Promise<boolean>
}

/**
 * Whether the server itself answers to sending when nothing is sent: then it is the thing that somebody on the way (or
 * a fault of the server) does not let pass. A portal answers this in the server's place, a dead network not at all.
 */
async function isWayOpen(token: string): Promise<boolean> {
  try {
    const json = { visits: [], phone_time: new Date().toISOString() }
    const { results } = await ask('visits', isPushed, { method: 'POST', token, json })
    return results.length === 0
  } catch {
    return false
  }
}

/** Counts what is held back in a row, over one kind of things of one enrolment. */
export class Passage {
  private inARow = 0

  constructor(private readonly token: string) {}

  /** Something got through. */
  passed(): void {
    this.inARow = 0
  }

  /** Raises `error` again unless it was about this one thing; else answers who answered in the server's place. */
  async stopperOf(error: unknown): Promise<number> {
    const isFault = error instanceof Refused && error.code === 'server-fault'
    if (!isFault && !(error instanceof NoAnswer && error.way !== 'offline')) throw error
    if (!(await isWayOpen(this.token))) throw error
    return error.status
  }

  /** One was held back: the others go on while it rests, and not when one after the other is held back. */
  held(error: unknown, rests: boolean): void {
    this.inARow += 1
    if (!rests || this.inARow >= MOST_IN_A_ROW) throw error
  }
}

async function sendSome<T>(items: T[], token: string, kind: Kind<T>, passage: Passage): Promise<void> {
  let unsaid: T[]
  try {
    unsaid = await kind.post(items, token)
    if (unsaid.length === items.length) throw new NoAnswer('nothing was said of them', 'unreachable', 200)
  } catch (error) {
    await sendApart(items, token, kind, passage, error)
    return
  }
  passage.passed()
  if (unsaid.length) await sendSome(unsaid, token, kind, passage)
}

async function sendApart<T>(items: T[], token: string, kind: Kind<T>, passage: Passage, error: unknown): Promise<void> {
  const isRefused = error instanceof Refused && error.isFinal
  const status = isRefused ? 0 : await passage.stopperOf(error)
  if (items.length > 1) {
    const middle = Math.ceil(items.length / 2)
    await sendSome(items.slice(0, middle), token, kind, passage)
    await sendSome(items.slice(middle), token, kind, passage)
  } else if (isRefused) {
    await kind.refuse(items[0], error)
    passage.passed()
  } else {
    passage.held(error, await kind.hold(items[0], status))
  }
}

/** Sends all of them; `renew` is asked between two batches whether this tab may go on. */
export async function sendInBatches<T>(items: T[], token: string, kind: Kind<T>, renew: () => Promise<boolean>): Promise<void> {
  const passage = new Passage(token)
  for (let at = 0; at < items.length; at += BATCH) {
    await sendSome(items.slice(at, at + BATCH), token, kind, passage)
    if (!(await renew())) throw new NoAnswer('another tab is sending')
  }
}

/** What was said of each item sent, by its number; words about anything else are not ours. */
export function saidOf<T extends { client_id: string }, R extends { client_id: string }>(
  items: T[],
  results: R[],
  isUnderstood: (result: R) => boolean,
): [said: R[], unsaid: T[]] {
  const numbers = new Set(items.map(({ client_id }) => client_id))
  const said = results.filter((result) => numbers.has(result.client_id) && isUnderstood(result))
  said.forEach(({ client_id }) => numbers.delete(client_id))
  return [said, items.filter(({ client_id }) => numbers.has(client_id))]
}
