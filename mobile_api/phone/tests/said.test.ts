import { expect, it } from 'vitest'
import { answerLines, isAskedAbout, routeWords, stepsOf } from '../src/said'
import { sizeText, weightOf } from '../src/sizes'
import { targetOf } from '../src/store/doors'
import type { Form, StoredDoor, StoredPhoto, StoredVisit, VisitResult } from '../src/types'
import { door, employerForm } from './cast'

const result: VisitResult = {
  client_id: 'v', status: 'accepted', route: 'normal', code: '', message: '', visit: 'V20260001', missing_photos: [],
}

function visit(change: Partial<StoredVisit> = {}): StoredVisit {
  const body = {
    client_id: 'v', task_id: 1, subject_id: 1001, premise_code: null, form: 'employer', form_version: 3, outcome: 'done' as const,
    answers: { employees: 12, operating: 'yes' }, recorded_at: '2026-11-20T02:00:00Z', position: null, photos: [], replaces: null,
  }
  const rest = { order: 1, hold_until: 0, target: targetOf(door(1)), sent_at: null, result: null }
  return { client_id: 'v', enrolment: 'phone-1', state: 'waiting', body, ...rest, ...change }
}

const photo = (state: StoredPhoto['state']): StoredPhoto => ({
  id: state, owner: 'v', question: 'photo', sha256: state, size: 1000, kind: 'photo', state, upload: '', offset: 0, wrong: 0, reason: '',
})
const sent = visit({ state: 'sent', sent_at: '2026-11-20T03:00:00Z', result })
const standings = (...given: Parameters<typeof stepsOf>): string[] => stepsOf(...given).map((step) => `${step.key} ${step.standing}`)

it('tells answers in the order of the form and in its words', () => {
  const lines = answerLines(employerForm, { employees: 12, strange: 'x', operating: 'yes' })
  expect(lines.map(({ label, text }) => `${label}=${text}`)).toEqual(['单位是否在营=在营', '在岗人数=12', 'strange=x'])
})

it('tells every item of a repeat by itself', () => {
  const people = { name: 'people', type: 'repeat' as const, label: '职工', questions: [{ name: 'job', type: 'text' as const, label: '工种' }] }
  const form: Form = { ...employerForm, questions: [people] }
  const lines = answerLines(form, { people: [{ job: '厨师' }, { job: '服务员' }] })
  expect(lines.map(({ label, text }) => `${label}=${text}`)).toEqual(['职工 1 · 工种=厨师', '职工 2 · 工种=服务员'])
})

it('shows the way of a visit that waits', () => {
  expect(standings(visit(), [], undefined)).toEqual(['saved done', 'delivered now', 'taken later'])
})

it('shows pictures as a step of their own', () => {
  expect(standings(sent, [photo('sent'), photo('waiting')], undefined)).toEqual(['saved done', 'delivered done', 'photos now', 'taken done'])
  expect(standings(sent, [photo('refused')], undefined)[2]).toBe('photos bad')
  expect(standings(visit(), [photo('waiting')], undefined)[2]).toBe('photos later')
})

it('stops at the refusal of the server, and goes on after another try', () => {
  const refused = { ...result, status: 'refused' as const, visit: '' }
  expect(standings(visit({ state: 'refused', result: refused }), [], undefined)).toEqual(['saved done', 'refused bad'])
  expect(standings(visit({ state: 'waiting', result: refused }), [], undefined)).toEqual(['saved done', 'delivered now', 'taken later'])
})

it('says the number it was taken under', () => {
  expect(stepsOf(sent, [], undefined).at(-1)?.text).toContain('V20260001')
})

it('is asked about only when the desk means this very visit', () => {
  const returned = { question_text: '再数', questions: ['employees'], by: '赵敏', at: '2026-11-21T00:00:00Z' }
  const back = (change: object): StoredDoor => door(1, { state: 'returned', returned: { ...returned, ...change } })
  const former = { client_id: 'v', by: '', recorded_at: '', outcome: 'done' as const, answers: {} }
  expect(isAskedAbout(sent, back({ former }))).toBe(true)
  expect(isAskedAbout(sent, back({ former: { ...former, client_id: 'w' } }))).toBe(false)
  expect(isAskedAbout(sent, back({}))).toBe(true)
  expect(isAskedAbout(visit(), back({ former }))).toBe(false)
  expect(standings(sent, [], back({ former })).at(-1)).toBe('returned bad')
})

it('explains the route in words, the words of the server first', () => {
  expect(routeWords(visit({ state: 'sent', result: { ...result, route: 'handed_over' } }))).toContain('转派')
  expect(routeWords(visit({ state: 'sent', result: { ...result, route: 'recut' } }))).toContain('网格有调整')
  expect(routeWords(visit({ state: 'sent', result: { ...result, route: 'clash', message: '两份都留着' } }))).toBe('两份都留着')
  expect(routeWords(visit({ state: 'sent', result: { ...result, route: 'a-new-one' } }))).not.toBe('')
  expect(routeWords(visit())).toBe('')
})

it('says sizes as a person reads them', () => {
  expect([820, 34_600, 1_440_000, 10_700_000_000].map(sizeText)).toEqual(['820 B', '35 kB', '1.4 MB', '10.7 GB'])
  expect(weightOf('网格')).toBe(8)
})
