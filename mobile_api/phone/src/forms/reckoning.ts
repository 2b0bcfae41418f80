/**
 * In which order a form's expressions are reckoned, so that each is reckoned once, and what that costs. Pure. The
 * server does the same in tasks/forms/rules/reckoning.py.
 */
import type { Form, Question } from '../types'
import { effortOf, referencesOf } from './expressions'

export const MOST_ITEMS = 50
/** Words of expressions reckoned for one visit, those inside a repeat for as many items as it may have. */
const MOST_EFFORT = 20_000

export interface Step {
  question: Question
  /** The repeat it stands in: it is reckoned in each of its items. */
  within?: Question
}

/**
 * Repeats and whatever hangs on others, each after those it hangs on; of a circle in the order of the form. What is
 * inside a repeat is reckoned for all its items at once, so that an item may ask for a total over all of them.
 */
export function inOrder(questions: Question[]): Step[] {
  const steps = new Map<string, Step>()
  for (const question of questions) for (const inner of question.questions ?? []) steps.set(inner.name, { question: inner, within: question })
  for (const question of questions) steps.set(question.name, { question })
  const seen = new Set<string>()
  const ordered: Step[] = []
  const visit = (name: string): void => {
    const step = steps.get(name)
    if (!step || seen.has(name)) return
    seen.add(name)
    if (step.within) visit(step.within.name)
    readBy(step.question).forEach(visit)
    const { relevant, calculation, type } = step.question
    if (relevant || calculation || type === 'repeat') ordered.push(step)
  }
  for (const question of questions) {
    visit(question.name)
    for (const inner of question.questions ?? []) visit(inner.name)
  }
  return ordered
}

/** What a question hangs on, in the order of the names. */
function readBy({ relevant, calculation, count }: Question): string[] {
  const moving = [relevant, calculation, count].filter((expression) => typeof expression === 'string')
  return [...new Set(moving.flatMap(referencesOf))].sort()
}

function costOf({ relevant, constraint, calculation, required, count }: Question): number {
  const sources = [relevant, constraint, calculation, required, count].filter((expression) => typeof expression === 'string')
  return sources.reduce((sum, source) => sum + effortOf(source), 0)
}

function costOfAll(questions: Question[]): number {
  return questions.reduce((sum, question) => sum + costOf(question), 0)
}

const reckonable = new WeakMap<Form, Form>()

/**
 * The form as it is; or, where its expressions would keep the page busy, without them: everything is asked and
 * nothing hinders saving. No new form is so; one published when more was allowed may be.
 */
export function inTime(form: Form): Form {
  let found = reckonable.get(form)
  if (!found) {
    const effort = form.questions.reduce((sum, question) => sum + costOf(question) + MOST_ITEMS * costOfAll(question.questions ?? []), 0)
    found = effort > MOST_EFFORT ? { ...form, questions: form.questions.map(bare) } : form
    reckonable.set(form, found)
  }
  return found
}

function bare(question: Question): Question {
  const { relevant, constraint, calculation, count, ...rest } = question
  const required = question.required === true
  const type = calculation ? 'calculate' : question.type
  return { ...rest, type, required, ...(question.questions ? { questions: question.questions.map(bare) } : {}) }
}
