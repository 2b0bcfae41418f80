/** In which order a worker goes to the doors: overdue, then returned, then by distance or along the streets. */
import type { Standing } from '../store/doors'
import type { Door } from '../types'
import { type Spot, metresBetween, spotOf } from './distance'

export type Way = 'street' | 'near'
export type Rank = 'overdue' | 'asked' | 'left' | 'settled'

export interface Standee {
  door: Door
  standing: Standing
}

const RANKS: Rank[] = ['overdue', 'asked', 'left', 'settled']
const RANK_OF: Record<Standing, Rank> = {
  overdue: 'overdue',
  returned: 'asked',
  refused: 'asked',
  open: 'left',
  waiting: 'settled',
  done: 'settled',
}

export function rankOf(standing: Standing): Rank {
  return RANK_OF[standing]
}

const collator = new Intl.Collator('zh-CN', { numeric: true })

interface Keyed<T> {
  row: T
  rank: number
  /** Metres; 0 for all when nothing is asked of distance, infinite for a door without a place. */
  far: number
  area: string
  address: string
  id: number
}

function keyOf<T extends Standee>(row: T, here: Spot | null): Keyed<T> {
  const { door, standing } = row
  const spot = here && spotOf(door.premise)
  const far = spot && here ? metresBetween(here, spot) : here ? Infinity : 0
  const { area, subject, task_id } = door
  return { row, rank: RANKS.indexOf(rankOf(standing)), far, area, address: subject.address, id: task_id }
}

function compared(a: Keyed<unknown>, b: Keyed<unknown>): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  if (a.far !== b.far) return a.far < b.far ? -1 : 1
  if (a.area !== b.area) return a.area < b.area ? -1 : 1
  return collator.compare(a.address, b.address) || a.id - b.id
}

/** A total order: whatever order the rows come in, the same list goes out. `here` orders by distance. */
export function inOrder<T extends Standee>(rows: readonly T[], here: Spot | null = null): T[] {
  return rows
    .map((row) => keyOf(row, here))
    .sort(compared)
    .map(({ row }) => row)
}
