// @vitest-environment jsdom
/** Our forms in the hands of ODK's own engine, door list and all: what it would send becomes the visit our app sends. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { settle } from '../src/forms/form'
import { isEmpty } from '../src/forms/values'
import type { Form, Item, Outcome, Question, Value, Values } from '../src/types'
import { answersFor, seeded } from './answers'
import { type Node, childrenOf, fill, loadForm, nameOf } from './odk'

const SETS = 12
const TODAY = '2026-11-23'
const NUMBER = '乌海勃人社督告〔2026〕3号'
const root = resolve(import.meta.dirname, '../../..')

function bridge<T>(act: 'forms' | 'read', input = ''): T {
  const own = resolve(root, '.venv/bin/python')
  const options = { cwd: root, maxBuffer: 1 << 26, encoding: 'utf8', input } as const
  return JSON.parse(execFileSync(existsSync(own) ? own : 'python3', ['-m', 'tests.contract.collect_dump', act], options)) as T
}

interface Given {
  form: Form
  xml: string
  file: string
  content: string
}

interface Visit {
  task_id: number | null
  subject_id: number | null
  form: string
  form_version: string
  outcome: Outcome
  answers: Values
}

const given = bridge<Given[]>('forms')

beforeAll(() => {
  vi.stubEnv('TZ', 'Asia/Shanghai')
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${TODAY}T10:00:00+08:00`) })
})
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** What is compared: answers given, without pictures (the engine names its files) and what is reckoned. */
function told(questions: Question[], answers: Values): Values {
  const kept = questions.filter(({ type, calculation }) => !calculation && !['photo', 'signature', 'note', 'calculate'].includes(type))
  const pairs = kept.map((question): [string, Value] => {
    const value = answers[question.name] ?? null
    if (question.type !== 'repeat') return [question.name, question.type === 'time' && value ? String(value).slice(0, 5) : value]
    const items = ((value ?? []) as Item[]).map((item) => told(question.questions ?? [], item))
    return [question.name, items.filter((item) => Object.keys(item).length) as unknown as Value]
  })
  return Object.fromEntries(pairs.filter(([, value]) => !isEmpty(value)))
}

type Sending = Node & { prepareInstancePayload: () => Promise<{ data: { get: (name: string) => File }[] }> }

/** Fills a fresh instance for each set of answers, and gives the files ODK would send. */
async function sentOf({ form, xml, content }: Given, sets: ReturnType<typeof answersFor>[]): Promise<string[]> {
  const headers = { 'Content-Type': 'text/csv' }
  const loaded = await loadForm(xml, { fetchFormAttachment: () => Promise.resolve(new Response(content, { headers })) as never })
  if (loaded.status === 'failure') throw loaded.error
  return Promise.all(sets.map(({ outcome, answers }) => filled(loaded.createInstance().root as unknown as Sending, form, outcome, answers)))
}

async function filled(sheet: Sending, form: Form, outcome: Outcome, answers: Values): Promise<string> {
  const asked = new Map([...childrenOf(sheet)].map((node) => [nameOf(node), node]))
  asked.get('door')?.selectValue('17')
  asked.get('outcome')?.selectValue(outcome)
  if (form.code === 'notice_service') asked.get('notice')?.selectValue(NUMBER)
  fill(sheet, form.questions.filter(({ name }) => name !== 'notice'), answers)
  const payload = await sheet.prepareInstancePayload()
  return await new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result))
    reader.onerror = () => failed(new Error('unreadable'))
    reader.readAsText(payload.data[0].get('xml_submission_file'))
  })
}

describe('our forms through ODK', () => {
  it('give the visits our own app gives', { timeout: 300_000 }, async () => {
    const made = given.map(({ form }) => {
      const random = seeded(form.code)
      return Array.from({ length: SETS }, (_, set) => answersFor(form, random, TODAY, set))
    })
    const instances = await Promise.all(given.map((answered, at) => sentOf(answered, made[at])))
    const visits = bridge<Visit[]>('read', JSON.stringify(instances.flat()))
    visits.forEach((visit, at) => {
      const { form } = given[Math.floor(at / SETS)]
      const { outcome, answers } = made[Math.floor(at / SETS)][at % SETS]
      const errand = form.code === 'notice_service'
      const where = errand ? { task_id: null, subject_id: 5 } : { task_id: 17, subject_id: null }
      expect(visit).toMatchObject({ outcome, form: form.code, form_version: form.version, ...where })
      const { values } = settle(form, errand ? { ...answers, notice: NUMBER } : answers, outcome, TODAY)
      expect(told(form.questions, visit.answers), `${form.code} ${at % SETS}`).toEqual(told(form.questions, values))
    })
  })
})
