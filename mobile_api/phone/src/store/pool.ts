/**
 * What waits for a grid where this person goes about, as far as the phone holds it: sealed in one piece, for it is
 * looked through by a search alone. Where the browser cannot seal it lives in the page.
 */
import { type Box, fact, onClose, setFact } from './db'
import { canSeal, onLock, seal, unseal } from './vault'
import type { PoolAnswer, PoolRow, RefusedClaim } from '../types'

export const BUCKETS = 64
const EMPTY = '00000000'

export interface Pool {
  enrolment: string
  /** The fingerprint of each bucket, as the server last told it. */
  prints: string[]
  rows: PoolRow[][]
  /** The grids of the person's communities: what a door can be said to lie in. */
  grids: { code: string; name: string }[]
  /** Claims that were sent back, with the reason. */
  refused: RefusedClaim[]
}

let kept: Pool | null = null
const forget = (): void => {
  kept = null
}
onClose(forget)
onLock(forget)

function nothing(enrolment: string): Pool {
  const prints = Array.from({ length: BUCKETS }, () => EMPTY)
  return { enrolment, prints, rows: prints.map(() => []), grids: [], refused: [] }
}

export async function poolOf(enrolment: string): Promise<Pool> {
  if (kept?.enrolment === enrolment) return kept
  const stored = await fact<{ enrolment: string; box: Box }>('pool')
  if (stored?.enrolment !== enrolment || !canSeal()) return nothing(enrolment)
  kept = await unseal<Pool>(enrolment, stored.box)
  return kept
}

/** Takes one answer: buckets that came replace what the phone held of them. */
export async function applyPool(answer: PoolAnswer, enrolment: string): Promise<void> {
  const before = await poolOf(enrolment)
  const after: Pool = { ...before, prints: [...before.prints], rows: [...before.rows], grids: answer.grids, refused: answer.refused }
  for (const { number, print, rows } of answer.buckets) {
    after.prints[number] = print
    after.rows[number] = rows
  }
  if (canSeal()) await setFact('pool', { enrolment, box: await seal(enrolment, after) })
  kept = after
}

/** Whoever may not see its doors any more sees no pool either. Part of forgetting the doors. */
export function forgetPool(): void {
  forget()
}

