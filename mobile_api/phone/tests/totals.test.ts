/** The phone adds over the items of a repeat as the server does (tests/contract/totals.json). */
import forms from 'virtual:forms'
import { expect, it } from 'vitest'
import told from '../../../tests/contract/totals.json'
import { settle } from '../src/forms/form'
import type { Item, Outcome, Values } from '../src/types'

const form = forms.find((shipped) => shipped.form.code === 'workout')!.form

it.each(told.cases)('$why', ({ answers, values, items }) => {
  const { values: settled } = settle(form, answers as unknown as Values, told.outcome as Outcome, told.today)
  for (const [name, value] of Object.entries(values)) expect(settled[name], name).toBe(value)
  for (const [name, list] of Object.entries(items)) {
    expect((settled.people as Item[]).map((item) => item[name] ?? null), name).toEqual(list)
  }
})
