import { deleteDB, openDB } from 'idb'
import { beforeEach, expect, it } from 'vitest'
import { database } from '../src/store/db'
import { allDoors, cursor, targetOf } from '../src/store/doors'
import { draftOf } from '../src/store/drafts'
import { allPhotos, pictureOf } from '../src/store/photos'
import { sealWhatIsClear } from '../src/store/sealing'
import { allVisits, waitingVisits } from '../src/store/visits'
import { everythingAsText } from './lying'
import { door, phone, restart } from './cast'

const picture = Uint8Array.from({ length: 5000 }, (_, at) => at % 251).buffer
const saidAt = '2026-11-20T01:00:00Z'

function oldVisit(order: number, state: string) {
  const answers = { operating: 'yes', employees: order, remark: '老板不在' }
  const body = {
    client_id: `visit-${order}`, task_id: order, subject_id: 1, premise_code: null, form: 'employer', form_version: 3,
    outcome: 'done', answers, recorded_at: saidAt, position: null, photos: [], replaces: null,
  }
  return {
    client_id: `visit-${order}`, enrolment: phone.id, order, state, body, target: targetOf(door(order)), hold_until: 0,
    result: null, sent_at: state === 'sent' ? saidAt : null,
  }
}

/** The database as the first version of the app left it. */
async function leaveOldDatabase(): Promise<void> {
  await restart()
  await deleteDB('grid-canvass')
  const db = await openDB('grid-canvass', 1, {
    upgrade(db) {
      for (const name of ['facts', 'pictures']) db.createObjectStore(name)
      db.createObjectStore('enrolments', { keyPath: 'id' })
      db.createObjectStore('doors', { keyPath: 'task_id' })
      for (const name of ['forms', 'grids']) db.createObjectStore(name, { keyPath: 'code' })
      db.createObjectStore('drafts', { keyPath: 'key' })
      const visits = db.createObjectStore('visits', { keyPath: 'client_id' })
      const photos = db.createObjectStore('photos', { keyPath: 'id' })
      for (const index of ['state', 'order']) visits.createIndex(index, index)
      for (const index of ['owner', 'state']) photos.createIndex(index, index)
    },
  })
  await db.put('enrolments', phone)
  await db.put('facts', phone.id, 'current')
  await db.put('facts', 41, 'cursor')
  for (let task = 1; task <= 150; task += 1) {
    const mark = task === 1 ? { client_id: 'visit-1', outcome: 'done', saved_at: saidAt } : undefined
    await db.put('doors', { ...door(task), mark })
  }
  for (let order = 1; order <= 120; order += 1) await db.put('visits', oldVisit(order, order % 2 ? 'waiting' : 'sent'))
  await db.put('drafts', { key: 'task:130', target: targetOf(door(130)), outcome: 'done', values: { remark: '会计在' }, confirmed: [], touched_at: saidAt })
  await db.put('photos', { id: 'p1', owner: 'visit-1', question: 'q', sha256: 'x', size: 5000, kind: 'q', state: 'waiting', upload: '', offset: 0, wrong: 0, reason: '' })
  await db.put('photos', { id: 'p2', owner: 'task:130', question: 'q', sha256: 'y', size: 5000, kind: 'q', state: 'kept', upload: '', offset: 0, wrong: 0, reason: '' })
  await db.put('pictures', picture, 'p1')
  db.close()
}

async function expectEverything(): Promise<void> {
  const waiting = (await waitingVisits(Date.now())).get(phone.id) ?? []
  expect(waiting).toHaveLength(60)
  expect(waiting[29].body).toMatchObject({ client_id: 'visit-59', answers: { employees: 59, remark: '老板不在' } })
  expect(await allVisits()).toHaveLength(120)
  expect((await draftOf('task:130'))?.values).toEqual({ remark: '会计在' })
  const doors = await allDoors()
  expect(doors).toHaveLength(150)
  expect(doors.find((door) => door.task_id === 1)?.mark?.client_id).toBe('visit-1')
  expect(await cursor()).toBe(41)
  expect((await allPhotos()).map(({ id }) => id)).toEqual(['p1', 'p2'])
  expect(new Uint8Array((await pictureOf((await allPhotos())[0].id)) as ArrayBuffer)).toEqual(new Uint8Array(picture))
}

beforeEach(leaveOldDatabase)

it('carries everything over from the clear database, unsent visits first of all', async () => {
  await expectEverything()
  expect(await everythingAsText()).toContain('老板不在')
})

it('seals what was carried over, and reads it after a restart', async () => {
  await database()
  await sealWhatIsClear()
  const text = await everythingAsText()
  for (const word of ['老板不在', '会计在', '示例单位', '新华街', '91150302MA0N']) expect(text).not.toContain(word)
  await restart()
  await expectEverything()
})

it('goes on with the sealing after being killed in its middle', async () => {
  await database()
  const sealing = sealWhatIsClear()
  await new Promise((soon) => setTimeout(soon, 4))
  await restart()
  await sealing.catch(() => undefined)
  await restart()
  await expectEverything()
  await sealWhatIsClear()
  expect(await everythingAsText()).not.toContain('老板不在')
  await restart()
  await expectEverything()
})
