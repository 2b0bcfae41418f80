/** When a phone asks again by itself, spread so that a town of phones does not knock in step. Pure. */

const FIRST_WAIT_MS = 5_000
export const LONGEST_WAIT_MS = 15 * 60_000
export const LONGEST_ASKED_MS = 60 * 60_000

/** Between two looks for news while somebody works with the phone, and after it lay idle for so long. */
export const EVERY_MS = 60_000
const SLOWEST_MS = 5 * 60_000
const IDLE_MS = 10 * 60_000

/** After so many failures in a row: doubles from 5 s to 15 min, spread by half. */
export function waitAfter(failures: number, chance: number = Math.random()): number {
  const full = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS)
  return full / 2 + (full / 2) * chance
}

/** Until the next look for news, `idle` ms after the phone was last touched: from a minute to five, spread by a fifth. */
export function pollAfter(idle: number, chance: number = Math.random()): number {
  const slowness = Math.min(Math.max(idle, 0) / IDLE_MS, 1)
  const full = EVERY_MS + (SLOWEST_MS - EVERY_MS) * slowness
  return full * (0.8 + 0.2 * chance)
}

/** What is added to a wait the server asked for: many were told the same moment. */
export function spreadOf(wait: number, chance: number = Math.random()): number {
  return Math.min(Math.max(wait / 25, 500), 30_000) * chance
}
