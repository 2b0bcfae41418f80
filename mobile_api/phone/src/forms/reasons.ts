/** Why it came to an outcome: questions the server keeps as dated rows, put before those of a form. Pure. */
import type { Form, OutcomeTable } from '../types'

export const isReason = (name: string): boolean => name.startsWith('reason_')

/** The day somebody is to come again, where the reason asks for it. */
export const BACK = 'reason_back'

export function withReasons(form: Form, table: OutcomeTable | undefined): Form {
  const group = table?.groups.find(({ forms }) => forms.includes(form.code))
  const own = new Set(form.questions.map(({ name }) => name))
  const asked = (group?.questions ?? []).filter(({ name }) => !own.has(name))
  return asked.length ? { ...form, questions: [...asked, ...form.questions] } : form
}
