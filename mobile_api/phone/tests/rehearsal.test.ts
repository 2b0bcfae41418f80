// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readCode } from '../src/codes'
import { SAMPLE_CODE, SAMPLE_PREMISE } from '../src/practice/made_up'
import { PRACTICE, pretend, startOver, startPractice, stopPractice } from '../src/practice/practice'
import { noticesOf } from '../src/list/view'
import { checkAddress, openService, served, servingOf } from '../src/screens/serving'
import { type Row, load, rows, state } from '../src/state'
import { WORK, databaseName, dropDatabase, useDatabase } from '../src/store/db'
import { draftOf } from '../src/store/drafts'
import { keepPhoto } from '../src/store/photos'
import { writeSuggestion } from '../src/store/suggestions'
import { applyChanges, formOf, targetOf } from '../src/store/doors'
import { saveVisit, takeResults } from '../src/store/visits'
import { askDoors } from '../src/sync/pull'
import { synchronise } from '../src/sync/engine'
import { changes, freshPhone, save } from './cast'
import { heard, json, serve } from './server'

const NUMBER = '示例告字〔2026〕第1号'

beforeEach(async () => {
  await useDatabase(WORK)
  await dropDatabase(PRACTICE)
  await freshPhone()
  serve(() => json({}))
  await load()
})
afterEach(() => stopPractice())

async function visitDoor(taskId: number): Promise<void> {
  const { door } = rows.value.find((row) => row.door.task_id === taskId)!
  const form = (await formOf(door.form))!
  const answers = { operating: 'yes', employees: 12, insured_seen: 3 }
  const saving = { key: `task:${taskId}`, target: targetOf(door), form, outcome: 'done' as const, answers, photos: [] }
  await saveVisit({ ...saving, replaces: null, corrects: null, awaitPosition: false })
  await load()
}

async function serveNotice(): Promise<void> {
  const opened = await openService(servingOf(NUMBER)!)
  if (opened === 'no-form') throw new Error('no form')
  const bytes = new TextEncoder().encode('a signature').buffer as ArrayBuffer
  const photo = await keepPhoto(opened.key, 'signature', bytes, 'signature')
  const answers = { notice: NUMBER, way: 'direct', recipient: '示例', signature: photo.sha256 }
  await saveVisit({ ...opened, outcome: 'done', answers, photos: [photo], awaitPosition: false })
  await load()
}

it('fills itself with made-up doors only, and leaves the real ones alone', async () => {
  await save(1)
  expect(await startPractice()).toBe(true)
  expect(state.practice).toBe(true)
  expect(databaseName()).toBe(PRACTICE)
  expect(rows.value.length).toBeGreaterThan(3)
  expect(rows.value.every(({ door }) => door.subject.name.startsWith('示例') && door.task_id < 0)).toBe(true)
  expect(state.visits).toEqual([])
  await stopPractice()
  expect(state.practice).toBe(false)
  expect(state.visits.map((visit) => visit.body.task_id)).toEqual([1])
})

it('goes the whole way without one request', async () => {
  await startPractice()
  await visitDoor(-1)
  await serveNotice()
  await writeSuggestion('练习的意见', null)
  await synchronise(true)
  await expect(askDoors(SAMPLE_PREMISE, state.enrolment!)).rejects.toThrow()
  expect(state.visits.every((visit) => visit.state === 'waiting')).toBe(true)
  await pretend()
  await load()
  expect(state.visits.map((visit) => visit.state)).toEqual(['sent', 'sent'])
  expect(state.photos.every((photo) => photo.state === 'sent')).toBe(true)
  expect(rows.value.find(({ door }) => door.task_id === -1)?.standing).toBe('done')
  expect(servingOf(NUMBER)).toBeUndefined()
  expect(state.suggestions[0].answer?.text).toContain('示例')
  expect(heard).toEqual([])
})

it('marks a notice as served the moment it is saved', async () => {
  await startPractice()
  expect(served.value.has(NUMBER)).toBe(false)
  await serveNotice()
  expect(served.value.get(NUMBER)?.state).toBe('waiting')
  expect(await draftOf(`serve:${NUMBER}`)).toBeUndefined()
  expect(state.visits[0].body).toMatchObject({ task_id: null, subject_id: -5, form: 'notice_service', answers: { notice: NUMBER } })
  expect(state.visits[0].body.photos).toMatchObject([{ kind: 'signature' }])
})

it('goes on with a record the server refused, though the notice left the phone meanwhile', async () => {
  await startPractice()
  await serveNotice()
  const { client_id } = state.visits[0]
  const refused = { client_id, status: 'refused' as const, route: 'normal', code: 'x', message: '', visit: '', missing_photos: [] }
  await takeResults([refused], new Date().toISOString())
  await applyChanges(changes([], { gone: [-5] }), state.enrolment!.id)
  await load()
  const serving = servingOf(NUMBER)
  expect(serving).toMatchObject({ task: null, notice: { number: NUMBER, url: '' }, target: { subject: { id: -5 } } })
  expect(checkAddress(serving!.notice)).toBe('')
  expect(await openService(serving!)).toMatchObject({ corrects: client_id, values: { notice: NUMBER, recipient: '示例' } })
})

it('counts a served notice no more on the list', async () => {
  await startPractice()
  const row = (): Row => rows.value.find(({ door }) => door.task_id === -5)!
  expect(noticesOf(row())).toBe(1)
  await serveNotice()
  expect(noticesOf(row())).toBe(0)
})

it('has a code to scan that leads to one of its doors', async () => {
  await startPractice()
  const read = readCode(SAMPLE_CODE)
  expect(read).toMatchObject({ kind: 'door', premise: SAMPLE_PREMISE })
  expect(rows.value.filter(({ door }) => door.premise?.code === SAMPLE_PREMISE)).toHaveLength(1)
  const codes = rows.value.map(({ door }) => door.premise?.code)
  expect(new Set(codes).size).toBe(codes.length)
})

it('starts over from nothing, and remembers until then', async () => {
  await startPractice()
  await visitDoor(-1)
  await stopPractice()
  await startPractice()
  expect(state.visits).toHaveLength(1)
  await startOver()
  expect(state.visits).toEqual([])
  expect(state.practice).toBe(true)
})

it('does nothing outside practice', async () => {
  const visit = await save(1)
  await pretend()
  await load()
  expect(state.visits).toMatchObject([{ client_id: visit.client_id, state: 'waiting' }])
})

it('waits while real visits are on their way', async () => {
  state.progress.running = true
  expect(await startPractice()).toBe(false)
  expect(databaseName()).toBe(WORK)
  state.progress.running = false
})
