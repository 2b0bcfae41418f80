/**
 * Doors in sealed blocks. A thousand doors are sixteen blocks and not a thousand calls; what was unsealed is
 * remembered while the page lives, and a change rewrites the blocks it touches alone.
 *
 * Where the browser cannot seal, doors are not written to the phone at all: they are fetched at each start.
 */
import type { Door } from '../types'
import { newId } from '../ids'
import { BLOCK, type BlockRow, database, fact, onClose } from './db'
import { canSeal, onLock, seal, unseal } from './vault'

type Rev = string | number | undefined

interface Held {
  enrolment: string
  doors: Door[]
}

interface Kept {
  rev: Rev
  blocks: Map<number, Held>
  all: Door[]
}

/** What a change makes of the blocks: `before` must still be the revision when it is written. */
export interface Rebuilt {
  before: Rev
  after: string
  put: BlockRow[]
  gone: number[]
  blocks: Map<number, Held>
}

let kept: Kept | null = null
let loose: string | number = 0
onClose(forgetLooseDoors)
// Where nothing can be sealed there is no lock, and this is the only copy.
onLock(() => canSeal() && forgetLooseDoors())

export function forgetLooseDoors(): void {
  kept = null
  loose = 0
}

/** The cursor of doors that live in this page alone. */
export function looseCursor(): string | number {
  return kept ? loose : 0
}

const flat = (blocks: Map<number, Held>): Door[] => [...blocks.values()].flatMap((block) => block.doors)

async function read(): Promise<Kept> {
  const rev = await fact<string>('blocks_rev')
  if (kept && kept.rev === rev) return kept
  const rows = canSeal() ? await (await database()).getAll('blocks') : []
  const held = await Promise.all(
    rows.map(async ({ id, enrolment, box }): Promise<[number, Held]> => {
      return [id, { enrolment, doors: await unseal<Door[]>(enrolment, box) }]
    }),
  )
  const blocks = new Map(held)
  kept = { rev, blocks, all: flat(blocks) }
  return kept
}

export async function readDoors(): Promise<Door[]> {
  return (await read()).all
}

/** The blocks after a page of changes, sealed and ready to be written. */
export async function rebuilt(doors: Door[], gone: number[], enrolment: string, startsOver: boolean): Promise<Rebuilt> {
  const { rev, blocks: current } = await read()
  const before = new Map(startsOver ? [] : current)
  const [blocks, touched] = merged(before, doors, gone, enrolment)
  const put = await Promise.all(
    [...touched].map(async (id): Promise<BlockRow> => {
      const block = blocks.get(id) as Held
      const ids = block.doors.map((door) => door.task_id)
      return { id, enrolment, rev: 0, ids, box: canSeal() ? await seal(enrolment, block.doors) : { clear: [] } }
    }),
  )
  const left = [...current.keys()].filter((id) => !blocks.has(id))
  return { before: rev, after: newId(), put: canSeal() ? put : [], gone: left, blocks }
}

function merged(
  before: Map<number, Held>,
  doors: Door[],
  gone: number[],
  enrolment: string,
): [blocks: Map<number, Held>, touched: Set<number>] {
  const news = new Map(doors.map((door) => [door.task_id, door]))
  const away = new Set(gone)
  const blocks = new Map<number, Held>()
  const touched = new Set<number>()
  for (const [id, block] of before) {
    const isTouched = block.doors.some(({ task_id }) => news.has(task_id) || away.has(task_id))
    const stay = isTouched ? block.doors.filter(({ task_id }) => !away.has(task_id)) : block.doors
    const now = isTouched ? stay.map((door) => taken(news, door)) : stay
    if (isTouched && now.length) touched.add(id)
    if (now.length) blocks.set(id, { enrolment, doors: now })
  }
  const left = [...news.values()].filter((door) => !away.has(door.task_id))
  let id = Math.max(-1, ...before.keys())
  const last = blocks.get(id)
  if (last && left.length && last.doors.length < BLOCK) {
    blocks.set(id, { ...last, doors: [...last.doors, ...left.splice(0, BLOCK - last.doors.length)] })
    touched.add(id)
  }
  while (left.length) {
    id += 1
    blocks.set(id, { enrolment, doors: left.splice(0, BLOCK) })
    touched.add(id)
  }
  return [blocks, touched]
}

/** The server's new word on a door, taken out of `news` so that what remains there is new to the phone. */
function taken(news: Map<number, Door>, door: Door): Door {
  const fresh = news.get(door.task_id)
  if (fresh) news.delete(door.task_id)
  return fresh ?? door
}

interface Blocks {
  put: (row: BlockRow) => Promise<unknown>
  delete: (id: number) => Promise<void>
}

export async function putBlocks(store: Blocks, written: Rebuilt): Promise<void> {
  for (const row of written.put) await store.put(row)
  for (const id of written.gone) await store.delete(id)
}

/** After the transaction: what this page holds is what was written. */
export function keepBlocks(written: Rebuilt, cursor: string | number | null): void {
  kept = { rev: written.after, blocks: written.blocks, all: flat(written.blocks) }
  if (cursor !== null) loose = cursor
}
