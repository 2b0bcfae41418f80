/** What a form asks, given what was answered so far. Pure: values in, values out. */
import type { Form, Outcome, Prefill, Question, Returned, Value, Values } from '../types'
import { type Result, type Scope, evaluate, referencesOf, truthOf } from './expressions'

export interface Asked {
  question: Question
  required: boolean
}

export interface Fault {
  name: string
  kind: 'required' | 'constraint' | 'unconfirmed' | 'number'
  message: string
}

/** The outcome is offered to expressions as `${outcome}`, so that a form can ask by it. */
const OUTCOME = 'outcome'

/** A broken expression must not stop field work: it counts as `otherwise` and the desk repairs the form. */
function holds(source: string, scope: Scope, otherwise: boolean): boolean {
  try {
    return truthOf(evaluate(source, scope))
  } catch {
    return otherwise
  }
}

function asks(question: Question, outcome: Outcome): boolean {
  if (question.name === OUTCOME) return false
  if (question.relevant && referencesOf(question.relevant).includes(OUTCOME)) return true
  if (question.name.startsWith('refusal_')) return outcome === 'refused'
  return outcome === 'done' || question.name === 'remark'
}

function isRequired(question: Question, scope: Scope): boolean {
  if (typeof question.required === 'string') {
    return question.required === 'yes' || holds(question.required, scope, false)
  }
  return question.required === true
}

function calculated(result: Result): Value {
  if (typeof result === 'number') return Number.isFinite(result) ? result : null
  return typeof result === 'boolean' ? String(result) : result
}

function scopeOf(values: Values, today: string, self?: Value): Scope {
  return { values, today, self }
}

/**
 * The questions to show, in order, and the values with every calculation done and every
 * irrelevant answer left out. Runs until nothing changes, for questions may hang on later ones.
 */
export function settle(
  form: Form,
  given: Values,
  outcome: Outcome,
  today: string,
): { asked: Asked[]; values: Values } {
  const candidates = form.questions.filter((question) => asks(question, outcome))
  let values: Values = { ...given, [OUTCOME]: outcome }
  let shown: Question[] = []
  for (let pass = 0; pass <= candidates.length; pass += 1) {
    const next: Values = { [OUTCOME]: outcome }
    shown = candidates.filter((q) => !q.relevant || holds(q.relevant, scopeOf(values, today), true))
    for (const question of shown) next[question.name] = valueOf(question, given, { ...values, ...next }, today)
    const settled = JSON.stringify(next) === JSON.stringify(values)
    values = next
    if (settled) break
  }
  const asked = shown
    .filter((question) => !question.calculation)
    .map((question) => ({ question, required: isRequired(question, scopeOf(values, today)) }))
  delete values[OUTCOME]
  return { asked, values }
}

function valueOf(question: Question, given: Values, values: Values, today: string): Value {
  if (!question.calculation) return given[question.name] ?? null
  try {
    return calculated(evaluate(question.calculation, scopeOf(values, today)))
  } catch {
    return null
  }
}

export function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/**
 * What keeps a form from being saved. `photos` counts the pictures taken for each photo question;
 * `pending` names the prefilled questions nobody confirmed or corrected yet.
 */
export function faultsOf(
  form: Form,
  given: Values,
  outcome: Outcome,
  facts: { today: string; photos: Record<string, number>; pending: string[] },
): Fault[] {
  const { asked, values } = settle(form, given, outcome, facts.today)
  const faults: Fault[] = []
  for (const { question, required } of asked) {
    const fault = faultOf(question, required, values, outcome, facts)
    if (fault) faults.push({ name: question.name, ...fault })
  }
  return faults
}

function faultOf(
  question: Question,
  required: boolean,
  values: Values,
  outcome: Outcome,
  facts: { today: string; photos: Record<string, number>; pending: string[] },
): Omit<Fault, 'name'> | null {
  if (question.type === 'note') return null
  if (question.type === 'photo') {
    return required && !facts.photos[question.name] ? { kind: 'required', message: '' } : null
  }
  const value = values[question.name] ?? null
  if (facts.pending.includes(question.name)) return required ? { kind: 'unconfirmed', message: '' } : null
  if (isEmpty(value)) return required ? { kind: 'required', message: '' } : null
  if (question.type === 'integer' && !Number.isInteger(value)) return { kind: 'number', message: '' }
  if (question.type === 'decimal' && typeof value !== 'number') return { kind: 'number', message: '' }
  if (!question.constraint) return null
  const scope = scopeOf({ ...values, [OUTCOME]: outcome }, facts.today, value)
  if (holds(question.constraint, scope, true)) return null
  return { kind: 'constraint', message: question.constraint_message ?? '' }
}

/** The answers to send: relevant, not empty, and not merely prefilled without a look. */
export function answersOf(form: Form, given: Values, outcome: Outcome, today: string, pending: string[]): Values {
  const { values } = settle(form, given, outcome, today)
  const silent = new Set(form.questions.filter((q) => q.type === 'photo' || q.type === 'note').map((q) => q.name))
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => !silent.has(name) && !pending.includes(name) && !isEmpty(value),
    ),
  )
}

/** What a field's text becomes for its type; an unreadable number stays text, so that nothing typed is lost. */
export function typed(question: Question, text: string): Value {
  if (text === '') return null
  if (question.type !== 'integer' && question.type !== 'decimal') return text
  const half = text.replace(/[０-９．－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).trim()
  return /^-?\d+(\.\d+)?$/.test(half) ? Number(half) : text
}

/** The values a fresh form opens with: what a register knows, overlaid by what was answered before. */
export function opening(prefill: Record<string, Prefill>, earlier: Values): Values {
  const known = Object.fromEntries(Object.entries(prefill).map(([name, fill]) => [name, fill.value]))
  return { ...known, ...earlier }
}

/** Prefilled questions that still want a look: nobody confirmed them and nobody changed the value. */
export function pendingOf(prefill: Record<string, Prefill>, values: Values, confirmed: string[]): string[] {
  return Object.keys(prefill).filter((name) => {
    if (confirmed.includes(name) || isEmpty(prefill[name].value)) return false
    return JSON.stringify(values[name] ?? null) === JSON.stringify(prefill[name].value)
  })
}

export function isDoubted(returned: Returned | null, name: string): boolean {
  return returned !== null && returned.questions.includes(name)
}
