/**
 * Practice: the same screens and the same store on a database of made-up doors. Nothing is asked of the network;
 * what the server would answer is made up here.
 */
import { load, state } from '../state'
import { changed } from '../store/channel'
import { WORK, dropDatabase, isPractice, setFact, useDatabase } from '../store/db'
import { allDoors, applyChanges, formOf } from '../store/doors'
import { adoptEnrolment, currentEnrolment } from '../store/enrolments'
import { applySuggestions, takeSuggestionResults, waitingSuggestions } from '../store/suggestions'
import { takeResults, waitingVisits } from '../store/visits'
import { m } from '../messages'
import type { Door, Form, StoredVisit, VisitResult } from '../types'
import { ENROLMENT, GRID, PLAIN_FORM, PLAIN_SERVICE, doorsFor } from './made_up'

export const PRACTICE = 'grid-canvass-practice'
const EVERY_MS = 4_000

let timer = 0
let number = 0

async function seed(forms: Form[], prefer: Record<string, unknown>): Promise<void> {
  const now = Date.now()
  await adoptEnrolment(ENROLMENT)
  const server_time = new Date(now).toISOString()
  const page = { cursor: 1, more: false, server_time, doors: doorsFor(forms[0], now), gone: [], forms, grids: [GRID] }
  await applyChanges(page, ENROLMENT.id)
  for (const [name, value] of Object.entries(prefer)) await setFact(name, value)
  await setFact('pulled_at', server_time)
}

/** Opens the practice database, filled at the first time. False while real visits are on their way. */
export async function startPractice(): Promise<boolean> {
  if (isPractice()) return true
  if (state.progress.running) return false
  const { large, theme, position } = state
  // The forms really used, so that practice looks like work; the two below for a phone that has none yet.
  const forms = [(await formOf('employer')) ?? PLAIN_FORM, (await formOf('notice_service')) ?? PLAIN_SERVICE]
  await useDatabase(PRACTICE)
  if (!(await currentEnrolment())) await seed(forms, { large, theme, position })
  await load()
  timer = window.setInterval(() => void pretend(), EVERY_MS)
  return true
}

export async function stopPractice(): Promise<void> {
  clearInterval(timer)
  await useDatabase(WORK)
  await load()
}

/** Everything practised so far goes, and the doors are as at first. */
export async function startOver(): Promise<boolean> {
  await stopPractice()
  await dropDatabase(PRACTICE)
  return startPractice()
}

function accepted({ client_id }: StoredVisit): VisitResult {
  number += 1
  const visit = `LX-${String(number).padStart(4, '0')}`
  return { client_id, status: 'accepted', route: 'normal', code: '', message: m.practice.accepted, visit, missing_photos: [] }
}

/** A door after the made-up server took a visit to it. */
function after(door: Door, { body }: StoredVisit): Door {
  if (body.form === 'notice_service') {
    return { ...door, notices: (door.notices ?? []).filter((notice) => notice.number !== body.answers.notice) }
  }
  return body.outcome === 'nobody_in' ? door : { ...door, state: 'done', returned: null }
}

async function takeVisits(): Promise<void> {
  const waiting = [...(await waitingVisits(Date.now())).values()].flat()
  if (!waiting.length) return
  await takeResults(waiting.map(accepted), new Date().toISOString())
  const doors = await allDoors()
  for (const visit of waiting) {
    const at = doors.findIndex((door) => door.subject.id === visit.body.subject_id)
    if (at >= 0) doors[at] = { ...doors[at], ...after(doors[at], visit) }
  }
  const touched = doors.filter((door) => waiting.some((visit) => visit.body.subject_id === door.subject.id))
  const server_time = new Date().toISOString()
  await applyChanges({ cursor: Date.now(), more: false, server_time, doors: touched, gone: [], fresh: false }, ENROLMENT.id)
}

async function takeSuggestions(): Promise<void> {
  const waiting = [...(await waitingSuggestions()).values()].flat()
  if (!waiting.length) return
  await takeSuggestionResults(waiting.map(({ client_id }) => ({ client_id, status: 'accepted', code: '', message: '' })))
  const at = new Date().toISOString()
  const answered = { state: 'answered' as const, answer: m.practice.answer, by: m.practice.by, at }
  await applySuggestions(waiting.map(({ client_id, text }) => ({ client_id, text, ...answered })), ENROLMENT.id)
}

/** What the server would do with what waits. Does nothing outside practice. */
export async function pretend(): Promise<void> {
  if (!isPractice()) return
  await takeVisits()
  if (isPractice()) await takeSuggestions()
  changed()
}
