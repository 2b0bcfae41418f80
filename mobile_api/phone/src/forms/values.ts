/** Single answers: what was typed, what a register knew, what is empty. Pure. */
import type { Prefill, Question, Returned, Value, Values } from '../types'

export function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

/** What a field's text becomes for its type; an unreadable number stays text, so that nothing typed is lost. */
export function typed(question: Question, text: string): Value {
  if (text === '') return null
  if (question.type !== 'integer' && question.type !== 'decimal') return text
  const half = text.normalize('NFKC').replace(/[。．]/g, '.').replace(/[−－]/g, '-').trim()
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
    return sameValue(values[name], prefill[name].value)
  })
}

export function isDoubted(returned: Returned | null, name: string): boolean {
  return returned !== null && returned.questions.includes(name)
}
