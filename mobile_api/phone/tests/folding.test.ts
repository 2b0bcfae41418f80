import { nextTick, reactive, ref } from 'vue'
import { expect, it } from 'vitest'
import { useFolding } from '../src/screens/folding'
import { targetOf } from '../src/store/doors'
import type { Values } from '../src/types'
import { door, employerForm } from './cast'

type Given = Parameters<typeof useFolding>[0]

function form(questions: string[], values: Values) {
  const returned = { question_text: '再数', questions, by: '赵敏', at: '' }
  const target = targetOf(door(1, { state: 'returned', returned }))
  const names = ['operating', 'employees', 'insured_seen', 'remark']
  const asked = ref(
    names.map((name) => {
      const question = employerForm.questions.find((one) => one.name === name)!
      return { question, required: name !== 'remark', path: name, items: [] }
    }),
  )
  const [pending, marked] = [ref<string[]>([]), ref<{ path: string; kind: 'required'; message: string }[]>([])]
  const filled = reactive({ outcome: 'done', values, confirmed: [] })
  return { given: { target, asked, pending, marked, filled } as unknown as Given, marked, filled, pending }
}

const ANSWERED = { operating: 'yes', employees: 30, insured_seen: 3 }

it('opens only what the desk asks', () => {
  expect(useFolding(form(['employees'], { ...ANSWERED }).given).hidden.value).toEqual(['operating', 'insured_seen', 'remark'])
})

it('opens what must be answered and is not, and keeps it open while it is typed', async () => {
  const { given, filled } = form(['employees'], { ...ANSWERED, insured_seen: null })
  const { hidden } = useFolding(given)
  expect(hidden.value).toEqual(['operating', 'remark'])
  filled.values.insured_seen = 3
  await nextTick()
  expect(hidden.value).toEqual(['operating', 'remark'])
})

it('opens what the last try to save found wrong', async () => {
  const { given, marked } = form(['employees'], { ...ANSWERED })
  const { hidden } = useFolding(given)
  marked.value = [{ path: 'operating', kind: 'required', message: '' }]
  await nextTick()
  expect(hidden.value).toEqual(['insured_seen', 'remark'])
})

it('shows everything on the word of the person, and folds nothing when nothing was asked', () => {
  const { hidden, unfold } = useFolding(form(['employees'], { ...ANSWERED }).given)
  unfold()
  expect(hidden.value).toEqual([])
  expect(useFolding(form([], { ...ANSWERED }).given).hidden.value).toEqual([])
  expect(useFolding(form(['not_asked'], { ...ANSWERED }).given).hidden.value).toEqual([])
})
