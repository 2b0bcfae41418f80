// @vitest-environment jsdom
import forms from 'virtual:forms'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Asked, faultsOf, settle } from '../src/forms/form'
import { isEmpty } from '../src/forms/values'
import type { Form, Item, Outcome, Question, Value, Values } from '../src/types'
import { answersFor, seeded } from './answers'
import { type Engine, type Told, engineOf } from './odk'

/** As many answer sets a form; VITE_ODK_SETS=3000 for a long look. */
const SETS = Number(import.meta.env.VITE_ODK_SETS ?? 200)
const TODAY = '2026-11-23'

beforeAll(() => {
  vi.stubEnv('TZ', 'Asia/Shanghai')
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${TODAY}T10:00:00+08:00`) })
})
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** Every question by its path, as ours shows it. */
function byPath(asked: Asked[]): Map<string, Asked> {
  return new Map(asked.flatMap((shown) => [[shown.path, shown] as const, ...shown.items.flatMap((item) => [...byPath(item)])]))
}

function valueAt(values: Values, path: string): Value {
  const [name, place, inside] = path.split('-')
  return inside ? ((values[name] as Item[])[Number(place) - 1]?.[inside] ?? null) : (values[name] ?? null)
}

interface Ours {
  asked: Map<string, Asked>
  faults: Map<string, string>
  values: Values
}

function ours(form: Form, outcome: Outcome, answers: Values): Ours {
  const { asked, values } = settle(form, answers, outcome, TODAY)
  const faults = faultsOf(form, answers, outcome, { today: TODAY, pending: [] })
  return { asked: byPath(asked), values, faults: new Map(faults.map(({ path, kind }) => [path, kind])) }
}

/**
 * Where ours means to differ:
 * - sum() over no item, and over items of which one is not asked, is not a number there; ours is 0, and leaves out what
 *   nobody is asked, as XPath and ODK Collect;
 * - count() of a repeat that is not asked for counts its hidden items there; ours has none, as ODK Collect;
 * - of an item nobody filled in ours says once that it can go, instead of once for each of its questions;
 * - how many items there may be (repeat_min, repeat_max) is known to ours alone;
 * - string-length() counts characters in ours and UTF-16 units there, so that the corpus has no emoji.
 */
function isMeant({ calculation }: Question, said: string, told: Map<string, Told>): boolean {
  const [, over, name] = /^(count|sum)\(\$\{(\w+)\}\)$/.exec(calculation ?? '') ?? []
  if (over === 'count') return told.get(name)?.relevant === false
  const added = [...told].filter(([path]) => path.endsWith(`-${name}`)).map(([, asked]) => asked.relevant)
  return over === 'sum' && said === '' && (!added.length || added.includes(false))
}

/** The differences, in words; empty when both say the same. */
function differences(form: Form, told: Map<string, Told>, { asked, faults, values }: Ours): string[] {
  const questions = new Map(form.questions.flatMap((question) => [question, ...(question.questions ?? [])]).map((question) => [question.name, question]))
  const found = [...asked.keys()].filter((path) => !told.has(path)).map((path) => `${path}: unknown there`)
  for (const [path, said] of told) {
    const question = questions.get(path.split('-').pop() ?? '')
    // Ours has neither the outcome nor the visit's own position among the questions.
    if (!question) continue
    if (question.calculation) {
      const value = valueAt(values, path)
      const same = said.text === (value === null ? '' : String(value))
      if (!same && !isMeant(question, said.text, told)) found.push(`${path}: calculated ${said.text}, ours ${value}`)
      continue
    }
    const shown = asked.get(path)
    // An item of a repeat that is not asked for does not exist in ours.
    if (Boolean(shown) !== said.relevant) found.push(`${path}: relevant ${said.relevant}, ours ${Boolean(shown)}`)
    if (!shown || !said.relevant) continue
    if (shown.required !== said.required) found.push(`${path}: required ${said.required}, ours ${shown.required}`)
    if (question.type === 'repeat') continue
    if (path.includes('-') && faults.has(path.split('-').slice(0, 2).join('-'))) continue
    const fault = faults.get(path)
    if ((fault === 'constraint') === said.constraint) found.push(`${path}: constraint ${said.constraint}, ours ${fault}`)
    if ((fault === 'required') !== said.missing) found.push(`${path}: missing ${said.missing}, ours ${fault}`)
  }
  return found
}

describe.each(forms)('$form.code $form.version', ({ form, xml }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await engineOf(xml, form.questions)
  })
  // An engine holds every set of answers it was given: those of all forms together are more than a process may hold.
  afterAll(() => {
    engine = () => new Map()
  })

  it(`is read as ODK reads it, on ${SETS} sets of answers`, () => {
    const random = seeded(String(form.version))
    for (let set = 0; set < SETS; set += 1) {
      const { outcome, answers } = answersFor(form, random, TODAY, set)
      const different = differences(form, engine(outcome, answers), ours(form, outcome, answers))
      expect(different, JSON.stringify({ outcome, answers })).toEqual([])
    }
  }, 300_000)

  it('has a corpus that reaches every question, and faults of both kinds', () => {
    const random = seeded(String(form.version))
    const reached = new Set<string>()
    const kinds = new Set<string>()
    for (let set = 0; set < SETS; set += 1) {
      const { outcome, answers } = answersFor(form, random, TODAY, set)
      const { asked, faults, values } = ours(form, outcome, answers)
      for (const { question } of asked.values()) if (!isEmpty(values[question.name]) || question.type === 'note') reached.add(question.name)
      for (const path of asked.keys()) reached.add(path.split('-').pop() ?? '')
      for (const kind of faults.values()) kinds.add(kind)
    }
    const all = form.questions.flatMap((question) => [question, ...(question.questions ?? [])]).filter((question) => !question.calculation)
    expect(all.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([])
    expect([...kinds]).toEqual(expect.arrayContaining(['required']))
  })
})
