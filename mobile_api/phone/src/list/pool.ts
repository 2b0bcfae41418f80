/** Searching what waits for a grid: by name, initials, code, address, or by what stands on a sign. Pure. */
import { nameLikeness } from './duplicates'
import { folded } from './search'
import type { PoolRow } from '../types'

const MOST = 30
/** What stands on a sign is rarely the name in the register. */
const ALIKE = 0.4
const LETTERS = /^[a-z]+$/

function has(row: PoolRow, word: string): boolean {
  const texts = [row.name, row.address, row.credit_code].map(folded)
  return texts.some((text) => text.includes(word)) || (LETTERS.test(word) && folded(row.initials).includes(word))
}

/** The surest ground first: its community before its street. */
const byGround = (a: PoolRow, b: PoolRow): number => b.area.length - a.area.length || a.subject_id - b.subject_id

export function findInPool(rows: PoolRow[], words: string): PoolRow[] {
  const typed = words.normalize('NFKC').trim().split(/\s+/).map(folded).filter(Boolean)
  if (!typed.length) return [...rows].sort(byGround).slice(0, MOST)
  const exact = rows.filter((row) => typed.every((word) => has(row, word)))
  if (exact.length) return exact.sort(byGround).slice(0, MOST)
  return rows
    .map((row) => ({ row, weight: nameLikeness(words, row.name) }))
    .filter(({ weight }) => weight >= ALIKE)
    .sort((a, b) => b.weight - a.weight)
    .map(({ row }) => row)
    .slice(0, MOST)
}
