/** Answers in words, for reading; and the answers a label speaks of put into it. Pure. */
import { m } from '../messages'
import type { Form, Item, Outcome, Question, Value, Values } from '../types'
import { isItems, isPosition } from './expressions'
import { isEmpty } from './values'

export function wordsOf(question: Question | undefined, value: Value | undefined): string {
  if (value === undefined || value === null || isEmpty(value)) return m.field.empty
  if (question?.type === 'photo' || question?.type === 'signature') {
    return m.field.pictures(Array.isArray(value) ? value.length : 1)
  }
  if (isPosition(value)) return m.field.placed(value.accuracy)
  const label = (name: string): string => question?.choices?.find((choice) => choice.name === name)?.label ?? name
  if (isItems(value)) return value.map((item, at) => `${at + 1}. ${itemWords(question, item)}`).join('\n')
  return Array.isArray(value) ? (value as string[]).map(label).join('、') : label(String(value))
}

function itemWords(repeat: Question | undefined, item: Item): string {
  const asked = (name: string): Question | undefined => repeat?.questions?.find((inner) => inner.name === name)
  const told = Object.entries(item).filter(([, value]) => !isEmpty(value))
  return told.map(([name, value]) => `${asked(name)?.label ?? name} ${wordsOf(asked(name), value)}`).join('，')
}

/** `${name}` in a label, a hint or a message becomes the answer of that name; no name is longer than 60 letters. */
export function worded(text: string, questions: Question[], values: Values): string {
  return text.replace(/\$\{\s*([^}\s]{1,60})\s*\}/g, (_whole, name: string) => {
    const question = questions.find((candidate) => candidate.name === name)
    return isEmpty(values[name]) ? '…' : wordsOf(question, values[name])
  })
}

export function everyQuestion(form: Form): Question[] {
  return form.questions.flatMap((question) => [question, ...(question.questions ?? [])])
}

/** The plain words of the tables, for which the phone has friendlier ones; a table that says it its own way is kept to. */
const PLAIN: Record<Outcome, string> = {
  done: '已核查',
  refused: '拒访',
  closed: '歇业',
  moved: '迁出',
  not_found: '查无此户',
  nobody_in: '无人在场',
  not_a_subject: '不属扩面对象',
}

export function outcomeWords(form: Form, outcome: Outcome): string {
  const said = form.outcomes?.find(({ name }) => name === outcome)?.label
  return said && said !== PLAIN[outcome] ? said : m.outcomes[outcome]
}

/** The outcomes a form offers, the common one first. */
export function outcomesOf(form: Form): Outcome[] {
  const all = Object.keys(m.outcomes) as Outcome[]
  const offered = form.outcomes?.map(({ name }) => name) ?? []
  return offered.length ? all.filter((outcome) => offered.includes(outcome)) : all
}
