/**
 * Seals whatever still lies clear: rows of the first version of the database, and what was written while the
 * browser could not seal. Killed in the middle it goes on at the next start; nothing is ever without its row.
 */
import { type Box, database, fact } from './db'
import { Locked, canSeal, seal, sealBytes } from './vault'

const isClear = (box: Box): box is { clear: unknown } => 'clear' in box

/** Everything clear, sealed. Where the browser cannot seal, doors go instead: they live in the page alone there. */
export async function sealWhatIsClear(): Promise<void> {
  if (!canSeal()) {
    await (await database()).clear('blocks')
    return
  }
  await Promise.all([sealRows('visits'), sealRows('drafts'), sealRows('suggestions'), sealBlocks()])
  await sealPictures()
}

async function unlessLocked(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Locked)) throw error
  }
}

/** A row that was written anew meanwhile is sealed already. */
async function sealRows(name: 'visits' | 'drafts' | 'suggestions'): Promise<void> {
  for (const row of await (await database()).getAll(name)) {
    const { box, enrolment } = row
    if (!isClear(box)) continue
    await unlessLocked(async () => {
      const sealed = await seal(enrolment, box.clear)
      const tx = (await database()).transaction(name, 'readwrite')
      const key = 'key' in row ? IDBKeyRange.only([enrolment, row.key]) : row.client_id
      const now = await tx.store.get(key as string & [string, string])
      if (now?.rev === row.rev) await tx.store.put({ ...now, rev: row.rev + 1, box: sealed } as never)
      await tx.done
    })
  }
}

async function sealBlocks(): Promise<void> {
  const rev = await fact<string>('blocks_rev')
  const clear = (await (await database()).getAll('blocks')).filter((row) => isClear(row.box))
  for (const row of clear) {
    await unlessLocked(async () => {
      const box = await seal(row.enrolment, (row.box as { clear: unknown }).clear)
      const tx = (await database()).transaction(['blocks', 'facts'], 'readwrite')
      const isUntouched = (await tx.objectStore('facts').get('blocks_rev')) === rev
      if (isUntouched) await tx.objectStore('blocks').put({ ...row, box })
      await tx.done
    })
  }
}

async function sealPictures(): Promise<void> {
  const db = await database()
  for (const id of await db.getAllKeys('pictures')) {
    const [photo, box] = await Promise.all([db.get('photos', id), db.get('pictures', id)])
    if (!photo || !box || !isClear(box)) continue
    await unlessLocked(async () => {
      const sealed = await sealBytes(photo.enrolment, box.clear as ArrayBuffer)
      const tx = (await database()).transaction('pictures', 'readwrite')
      if (await tx.store.get(id)) await tx.store.put(sealed, id)
      await tx.done
    })
  }
}
