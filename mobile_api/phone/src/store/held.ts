/** Rests of what cannot get through while the way itself is open: from half a minute, doubled each time. Pure. */
import type { Held } from '../types'

const FIRST_MS = 30_000
const LONGEST_MS = 4 * 3_600_000
/** Once or twice may be a bad moment; from then on the person is told that somebody keeps it back. */
const TOLD_AFTER = 3
/** A line that broke without an answer breaks anywhere: so often it is simply tried again. */
const MAY_BREAK = 2

export function heldAgain(held: Held | undefined, status: number, now: number): Held {
  const times = (held?.times ?? 0) + 1
  const rest = status === 0 && times <= MAY_BREAK ? 0 : Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS)
  return { times, until: now + rest, status }
}

/** A rest longer than the longest was begun under a wrong clock. */
export function isHeld(held: Held | undefined, now: number): boolean {
  return held !== undefined && held.until > now && held.until <= now + LONGEST_MS
}

export function isStuck(held: Held | undefined): held is Held {
  return held !== undefined && held.times >= TOLD_AFTER
}
