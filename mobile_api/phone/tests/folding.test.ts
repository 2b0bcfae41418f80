import { computed, nextTick, reactive, ref } from 'vue'
import { expect, it } from 'vitest'
import { answersOf, settle } from '../src/forms/form'
import { useFolding } from '../src/screens/folding'
import { targetOf } from '../src/store/doors'
import type { Form, Outcome, Values } from '../src/types'
import { door, employerForm } from './cast'

type Given = Parameters<typeof useFolding>[0]

function form(questions: string[], values: Values) {
  const returned = { question_text: '再数', questions, by: '赵敏', at: '' }
  const target = targetOf(door(1, { state: 'returned', returned }))
  const names = ['operating', 'employees', 'insured_seen', 'remark']
  const asked = ref(
    names.map((name) => {
      const question = employerForm.questions.find((candidate) => candidate.name === name)!
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

it('opens what the new answer raises, also what need not be answered, and keeps it open', async () => {
  const values: Values = { operating: 'yes', employees: 3, insured_seen: 3 }
  const returned = { question_text: '再数', questions: ['employees'], by: '赵敏', at: '' }
  const target = targetOf(door(1, { state: 'returned', returned }))
  const filled = reactive({ outcome: 'done' as Outcome, values, confirmed: [] })
  const asked = computed(() => settle(employerForm, filled.values, filled.outcome, '2026-11-30').asked)
  const given = { target, asked, pending: ref([]), marked: ref([]), filled } as unknown as Given
  const { hidden } = useFolding(given)
  expect(hidden.value).toEqual(['operating', 'insured_seen', 'remark'])
  filled.values.employees = 9
  await nextTick()
  expect(asked.value.map(({ question }) => question.name)).toContain('lapsed')
  expect(hidden.value).toEqual(['operating', 'insured_seen', 'remark'])
  filled.values.employees = 3
  await nextTick()
  filled.values.employees = 9
  await nextTick()
  expect(hidden.value).not.toContain('lapsed')
})

it('opens a list of people when an answer raises a question inside it', async () => {
  const form: Form = {
    ...employerForm,
    questions: [
      employerForm.questions[0],
      {
        name: 'people', type: 'repeat', label: '职工',
        questions: [
          { name: 'surname', type: 'text', label: '姓' },
          { name: 'since', type: 'text', label: '离开时间', required: true, relevant: "${operating} = 'closed'" },
        ],
      },
    ],
  }
  const returned = { question_text: '还开着吗', questions: ['operating'], by: '赵敏', at: '' }
  const target = targetOf(door(1, { state: 'returned', returned }))
  const filled = reactive({ outcome: 'done' as Outcome, values: { operating: 'yes', people: [{ surname: '张' }] } as Values, confirmed: [] })
  const asked = computed(() => settle(form, filled.values, filled.outcome, '2026-11-30').asked)
  const { hidden } = useFolding({ target, asked, pending: ref([]), marked: ref([]), filled } as unknown as Given)
  expect(hidden.value).toEqual(['people'])
  filled.values.operating = 'closed'
  await nextTick()
  expect(hidden.value).toEqual([])
})

it('sends nothing of what the new answer drops', () => {
  const said = { operating: 'yes', employees: 9, insured_seen: 3, lapsed: 'yes', remark: '门口' }
  expect(answersOf(employerForm, { ...said, operating: 'closed' }, 'done', '2026-11-30', [])).toEqual({ operating: 'closed', remark: '门口' })
})
