/** What a form asks, given what was answered so far. Pure: values in, values out. */
import type { Form, Item, Outcome, Question, Value, Values } from '../types'
import { type Result, type Scope, evaluate, isDay, isPosition, isReadable, numberOf, referencesOf, truthOf } from './expressions'
import { isReason } from './reasons'
import { MOST_ITEMS, inOrder, inTime } from './reckoning'
import { isEmpty } from './values'
import { everyQuestion, worded } from './words'

/** A question that is to be shown; of a repeat, also what each of its items asks. */
export interface Asked {
  question: Question
  /** The question's name, inside a repeat `repeat-2-name`; also the end of its id on the page. */
  path: string
  /** Label and hint with the answers they speak of put in. */
  label: string
  hint: string
  required: boolean
  items: Asked[][]
  least: number
  most: number
}

export type FaultKind =
  | 'required' | 'constraint' | 'unconfirmed' | 'number' | 'large' | 'day' | 'clock' | 'few' | 'many' | 'blank'

export interface Fault {
  path: string
  kind: FaultKind
  message: string
}

/** The outcome is offered to expressions as `${outcome}`, so that a form can ask by it. */
const OUTCOME = 'outcome'
const LARGEST = 1e9
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d/

interface Here {
  today: string
  place?: number
  /** Every question of the form, for the words of answers that labels speak of. */
  known: Question[]
}

function scopeOf(values: Values, around: Values, { today, place }: Here): Scope {
  return { values: { ...around, ...values }, today, place }
}

/** A broken expression must not stop field work: it counts as `otherwise` and the desk repairs the form. */
function holds(source: string, scope: Scope, otherwise: boolean): boolean {
  try {
    return truthOf(evaluate(source, scope))
  } catch {
    return otherwise
  }
}

const sayingOutcome = new WeakMap<Form, boolean>()

function saysOutcome(form: Form): boolean {
  let says = sayingOutcome.get(form)
  if (says === undefined) {
    const own = everyQuestion(form).filter(({ name }) => !isReason(name))
    says = own.some(({ relevant }) => relevant && referencesOf(relevant).includes(OUTCOME))
    sayingOutcome.set(form, says)
  }
  return says
}

/** A form that never speaks of the outcome is asked when the visit was done; else only the remark is. */
function candidates(form: Form, outcome: Outcome): Question[] {
  const questions = form.questions.filter(({ name }) => name !== OUTCOME)
  if (saysOutcome(form)) return questions
  return questions.filter(({ name }) =>
    name.startsWith('refusal_') ? outcome === 'refused' : outcome === 'done' || name === 'remark' || isReason(name),
  )
}

function isRequired(question: Question, scope: Scope): boolean {
  if (typeof question.required !== 'string') return question.required === true
  return question.required === 'yes' || holds(question.required, scope, false)
}

function isRelevant(question: Question, scope: Scope): boolean {
  return !question.relevant || holds(question.relevant, scope, true)
}

function calculated(source: string, scope: Scope): Value {
  let result: Result
  try {
    result = evaluate(source, scope)
  } catch {
    return null
  }
  if (typeof result === 'number') return Number.isFinite(result) ? result : null
  return typeof result === 'boolean' ? String(result) : result
}

function isCounted({ count }: Question): boolean {
  return typeof count === 'string' && isReadable(count)
}

/** How many items a repeat must have, and may have. */
function bounds(question: Question, scope: Scope): [least: number, most: number] {
  if (!isCounted(question)) return [question.min ?? 0, Math.min(question.max ?? MOST_ITEMS, MOST_ITEMS)]
  const counted = Math.trunc(numberOf(calculated(question.count ?? '', scope) as Result ?? ''))
  const exact = Number.isNaN(counted) ? 0 : Math.min(Math.max(counted, 0), MOST_ITEMS)
  return [exact, exact]
}

/** As many as there must be at least; of a counted repeat no more, though a smaller count forgets nothing typed. */
function itemsOf(given: Value | undefined, least = 0, most = Infinity): Item[] {
  const all = Array.isArray(given) ? given.filter((item): item is Item => typeof item === 'object') : []
  const items = all.slice(0, most)
  return items.length < least ? [...items, ...Array.from({ length: least - items.length }, () => ({}))] : items
}

/** What counts of one answer: nothing when it is not asked, the result of a calculation, the items of a repeat. */
function settledValue(question: Question, given: Value | undefined, scope: Scope): Value {
  if (!isRelevant(question, scope)) return question.type === 'repeat' ? [] : null
  if (question.calculation) return calculated(question.calculation, scope)
  if (question.type !== 'repeat') return given ?? null
  const [least, most] = bounds(question, scope)
  return itemsOf(given, least, isCounted(question) ? most : Infinity).map((item) => only(question.questions ?? [], item))
}

/** The answers to these questions, null where there is none. */
function only(questions: Question[], given: Values): Values {
  return Object.fromEntries(questions.map(({ name }) => [name, given[name] ?? null]))
}

/** Inside an item a name means the same item's answer, also where it has none. */
function inside(repeat: Question, item: Item, scope: Values): Values {
  return { ...scope, ...only(repeat.questions ?? [], item) }
}

/** One question in each item of its repeat. Where it is not asked the item is without it: it is no part of a total. */
function settleItems(question: Question, repeat: Question, scope: Scope, here: Here): void {
  const items = itemsOf(scope.values[repeat.name])
  items.forEach((item, at) => {
    const own = scopeOf(inside(repeat, item, scope.values), {}, { ...here, place: at + 1 })
    if (isRelevant(question, own)) item[question.name] = settledValue(question, item[question.name], own)
    else delete item[question.name]
  })
}

/** The answers that count, each settled after those it hangs on, for that may be a later one. */
function settled(questions: Question[], given: Values, around: Values, here: Here): Values {
  const opened = questions.map(({ name, type, questions: items }): [string, Value] => {
    if (type !== 'repeat') return [name, given[name] ?? null]
    return [name, itemsOf(given[name]).map((item) => only(items ?? [], item))]
  })
  const scope = scopeOf(Object.fromEntries(opened), around, here)
  for (const { question, within } of inOrder(questions)) {
    if (within) settleItems(question, within, scope, here)
    else scope.values[question.name] = settledValue(question, scope.values[question.name], scope)
  }
  return Object.fromEntries(questions.map(({ name }) => [name, scope.values[name]]))
}

function askedOf(questions: Question[], values: Values, around: Values, here: Here, before: string): Asked[] {
  const scope = scopeOf(values, around, here)
  const text = (said: string | undefined): string => worded(said ?? '', here.known, scope.values)
  const shown = questions.filter((question) => !question.calculation && question.type !== 'calculate' && isRelevant(question, scope))
  return shown.map((question) => {
    const path = before + question.name
    const [least, most] = question.type === 'repeat' ? bounds(question, scope) : [0, 0]
    const items = question.type === 'repeat' ? itemsOf(values[question.name]) : []
    const each = items.map((item, at) =>
      askedOf(question.questions ?? [], inside(question, item, {}), scope.values, { ...here, place: at + 1 }, `${path}-${at + 1}-`),
    )
    const words = { label: text(question.label), hint: text(question.hint) }
    return { question, path, ...words, required: isRequired(question, scope), items: each, least, most }
  })
}

export interface Settled {
  asked: Asked[]
  /** Every answer that counts: irrelevant ones are null, calculations done. */
  values: Values
}

export function settle(whole: Form, given: Values, outcome: Outcome, today: string): Settled {
  const form = inTime(whole)
  const questions = candidates(form, outcome)
  const around: Values = { [OUTCOME]: outcome }
  const here = { today, known: everyQuestion(form) }
  const values = settled(questions, given, around, here)
  return { asked: askedOf(questions, values, around, here, ''), values }
}

/** What keeps a form from being saved. `pending` names the prefilled questions nobody confirmed or corrected yet. */
export function faultsOf(
  form: Form,
  given: Values,
  outcome: Outcome,
  facts: { today: string; pending: string[] },
): Fault[] {
  const { asked, values } = settle(form, given, outcome, facts.today)
  const here = { today: facts.today, known: everyQuestion(form) }
  return faultsIn(asked, values, { [OUTCOME]: outcome }, here, facts.pending)
}

function faultsIn(asked: Asked[], values: Values, around: Values, here: Here, pending: string[]): Fault[] {
  const scope = scopeOf(values, around, here)
  return asked.flatMap((askedQuestion) => {
    const { question, path, items } = askedQuestion
    const own = faultOf(askedQuestion, { ...scope, self: values[question.name] ?? null }, pending)
    if (own) own.message = worded(own.message, here.known, scope.values)
    const each = items.flatMap((item, at) => {
      const answers = inside(question, (values[question.name] as Item[])[at], {})
      if (items.length > askedQuestion.least && isBlank(item, answers)) return [{ path: `${path}-${at + 1}`, kind: 'blank' as const, message: '' }]
      return faultsIn(item, answers, scope.values, { ...here, place: at + 1 }, [])
    })
    return [...(own ? [{ path, ...own }] : []), ...each]
  })
}

/** An item beyond those that must be and that nobody filled in is neither an answer nor gone: the person says which. */
function isBlank(asked: Asked[], item: Values): boolean {
  return asked.every(({ question }) => isEmpty(item[question.name]))
}

function faultOf({ question, required, least, most }: Asked, scope: Scope, pending: string[]): Omit<Fault, 'path'> | null {
  if (question.type === 'note') return null
  const value = scope.self ?? null
  const missing: Omit<Fault, 'path'> = { kind: 'required', message: question.required_message ?? '' }
  if (pending.includes(question.name)) return required ? { kind: 'unconfirmed', message: '' } : null
  if (question.type === 'repeat') return wrongNumber((value as Item[]).length, required, least, most, missing)
  if (isEmpty(value)) return required ? missing : null
  const kind = mistyped(question, value)
  if (kind) return { kind, message: '' }
  if (!question.constraint || holds(question.constraint, scope, true)) return null
  return { kind: 'constraint', message: question.constraint_message ?? '' }
}

function wrongNumber(
  items: number,
  required: boolean,
  least: number,
  most: number,
  missing: Omit<Fault, 'path'>,
): Omit<Fault, 'path'> | null {
  if (!items && required) return missing
  if (items < least) return { kind: 'few', message: '' }
  return items > most ? { kind: 'many', message: '' } : null
}

function mistyped({ type }: Question, value: Value): FaultKind | null {
  if (type === 'integer' && !Number.isInteger(value)) return 'number'
  if (type === 'decimal' && typeof value !== 'number') return 'number'
  if (typeof value === 'number' && Math.abs(value) > LARGEST) return 'large'
  if (type === 'date' && (typeof value !== 'string' || !isDay(value))) return 'day'
  if (type === 'time' && (typeof value !== 'string' || !CLOCK.test(value))) return 'clock'
  return null
}

/** The answers to send: relevant, not empty, and not merely prefilled without a look. */
export function answersOf(form: Form, given: Values, outcome: Outcome, today: string, pending: string[]): Values {
  const { values } = settle(form, given, outcome, today)
  return filled(Object.fromEntries(Object.entries(values).filter(([name]) => !pending.includes(name))))
}

function filled(values: Values): Values {
  const kept = Object.entries(values).filter(([, value]) => !isEmpty(value))
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const items = Array.isArray(value) && value.some((item) => typeof item === 'object')
      return [name, items ? (value as Item[]).map(filled) : value]
    }),
  )
}

/** Every fingerprint of a picture these answers hold, also those inside a repeat. */
export function picturesIn(questions: Question[], values: Values): string[] {
  return questions.flatMap(({ name, type, questions: inside }) => {
    const value = values[name]
    if (isEmpty(value) || isPosition(value)) return []
    if (type === 'repeat') return (value as Item[]).flatMap((item) => picturesIn(inside ?? [], item))
    if (type !== 'photo' && type !== 'signature') return []
    return Array.isArray(value) ? (value as string[]) : [String(value)]
  })
}
