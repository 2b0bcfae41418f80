/** Answers made up for a form: plausible ones, empty ones, and those at the edges. The same seed gives the same. */
import { outcomesOf } from '../src/forms/words'
import type { Form, Item, Outcome, Question, Value, Values } from '../src/types'
import { plusDays } from '../src/days'

export interface Random {
  /** A whole number from 0 to below `below`. */
  (below: number): number
}

/** mulberry32 over a hash of the seed. */
export function seeded(seed: string): Random {
  let state = [...seed].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16_777_619), 2_166_136_261)
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const TEXTS = ['甲', '王', '乌海市通安汽车服务有限公司', '123', '12', '0', '-3', '1e3', '多 个 词', '"引号"和\'', '<a>&amp;', '好'.repeat(201), '长'.repeat(501)]

function pick<T>(from: readonly T[], random: Random): T {
  return from[random(from.length)]
}

/** Numbers a form's own expressions speak of, and their neighbours: where a rule turns. */
function turning(question: Question): number[] {
  const said = `${question.constraint ?? ''} ${question.relevant ?? ''}`.match(/\d+/g) ?? []
  return said.map(Number).flatMap((n) => [n - 1, n, n + 1])
}

function numberFor(question: Question, random: Random): number {
  const near = [0, 1, 2, 3, 4, 5, ...turning(question)]
  const whole = random(3) ? pick(near, random) : random(30) - 3
  return question.type === 'decimal' && random(2) ? whole + pick([0.5, 0.25, 0.1, -0.05], random) : whole
}

function answerFor(question: Question, random: Random, today: string, sparse: boolean): Value {
  if (random(sparse ? 2 : 8) === 0) return null
  const { type, choices = [] } = question
  if (type === 'integer' || type === 'decimal') return numberFor(question, random)
  if (type === 'select_one') return pick(random(2) ? choices.slice(0, 2) : choices, random).name
  if (type === 'select_multiple') return choices.filter(() => random(3) === 0).map(({ name }) => name)
  if (type === 'date') return pick([-400, -1, 0, 0, 1, 30].map((days) => plusDays(today, days)).concat('2020-01-01', '2024-02-29'), random)
  if (type === 'time') return pick(['00:00', '09:30', '23:59'], random)
  if (type === 'photo' || type === 'signature') return 'ab'.repeat(32)
  if (type === 'position') return { lng: 106.8, lat: 39.6, accuracy: 12 }
  if (type === 'text') return pick(TEXTS, random)
  return null
}

function itemsFor(repeat: Question, random: Random, today: string, sparse: boolean): Item[] {
  const length = Math.max(repeat.min ?? 0, pick([0, 1, 1, 2, 3], random))
  return Array.from({ length }, () => valuesFor(repeat.questions ?? [], random, today, sparse))
}

function valuesFor(questions: Question[], random: Random, today: string, sparse: boolean): Values {
  const asked = questions.filter((question) => !question.calculation && question.type !== 'note')
  return Object.fromEntries(
    asked.map((question) => [question.name, question.type === 'repeat' ? itemsFor(question, random, today, sparse) : answerFor(question, random, today, sparse)]),
  )
}

function saysOutcome(form: Form): boolean {
  return form.questions.some(({ relevant }) => relevant?.includes('${outcome}'))
}

/** The first set is empty; every fourth leaves half of the questions unanswered, every fifth is of another outcome. */
export function answersFor(form: Form, random: Random, today: string, set: number): { outcome: Outcome; answers: Values } {
  const others = saysOutcome(form) ? outcomesOf(form) : (['done'] as Outcome[])
  const outcome = set % 5 === 4 ? others[(set / 5) % others.length | 0] : 'done'
  return { outcome, answers: set === 0 ? {} : valuesFor(form.questions, random, today, set % 4 === 3) }
}
