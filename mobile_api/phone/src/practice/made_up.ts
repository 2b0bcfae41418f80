/** Made-up doors to practise on. Every name says 示例; task numbers are below nought, where no real task is. */
import { isWellFormed } from '../codes'
import { m } from '../messages'
import type { Door, Enrolment, Form, Grid, Notice, Question } from '../types'

const ALPHABET = '2346789ABCDEFGHJKLMNPQRTUVWXY'
const DAY_MS = 86_400_000
/** In the steppe, far from any door. */
const [WEST, SOUTH, SIDE] = [106.6, 39.4, 0.006]

/** A door code as printed ones are, of our own making: seven characters and the check that fits them. */
function premiseCode(seven: string): string {
  const check = [...ALPHABET].find((char) => isWellFormed(seven + char))
  return seven + (check ?? '')
}

export const ENROLMENT: Enrolment = {
  id: 'practice',
  token: 'practice',
  person: { name: m.practice.person },
  posting: { id: 0, role: 'WORKER', area: '990199999999999', area_name: m.practice.area },
  label: m.practice.title,
  enrolled_at: '2026-01-01T00:00:00Z',
  state: 'active',
}

/** What is printed at the door that is scanned in practice. */
export const SAMPLE_PREMISE = premiseCode('LXMPA22')
export const SAMPLE_CODE = `GC1:${SAMPLE_PREMISE}:LIANXI`

function dayFrom(now: number, days: number): string {
  return new Date(now + days * DAY_MS).toISOString().slice(0, 10)
}

const TEXT = [
  '示例食品加工厂：',
  '经比对，你单位登记在岗职工 12 人，参加社会保险 4 人，有 8 人没有参保。',
  '请自收到本告知书之日起十五日内，为职工办理参保登记。',
  '逾期不办的，将依法处理。如有异议，可在期限内向我局说明。',
  '（本文书为练习用的示例，没有任何效力。）',
]

function notice(now: number): Notice {
  return {
    number: '示例告字〔2026〕第1号', kind: 'urging', kind_label: '告知书', title: '参保登记告知书（示例）', text: TEXT.join('\n'),
    issued_on: dayFrom(now, -2), url: '/v/LIANXI', case: 'LX-2026-000001', ways: ['direct', 'left'],
  }
}

interface Sketch {
  name: string
  address: string
  why: string
  heads: number
  insured: number
  due: number
  change?: Partial<Door>
}

const SKETCHES: Sketch[] = [
  { name: '示例餐馆', address: '示例街 1 号', why: '登记 12 人，参保 3 人', heads: 12, insured: 3, due: -2 },
  { name: '示例五金店', address: '示例街 3 号', why: '门口有码，可以练扫码', heads: 4, insured: 4, due: 10 },
  { name: '示例理发店', address: '示例街 5 号', why: '登记 6 人，参保 0 人', heads: 6, insured: 0, due: 10 },
  { name: '示例汽修厂', address: '示例街 7 号', why: '后台请再核一下', heads: 18, insured: 8, due: 5, change: { state: 'returned' } },
  { name: '示例食品加工厂', address: '示例街 9 号', why: '有一份告知书要送达', heads: 12, insured: 4, due: 10 },
]

const corners = [[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE], [0, 0]].map(([x, y]) => [WEST + x, SOUTH + y])

export const GRID: Grid = {
  code: ENROLMENT.posting.area,
  name: m.practice.area,
  outline: { type: 'Polygon', coordinates: [corners] },
}

/** Only what the form asks is prefilled: a desk may have given its questions other names. */
function prefillOf(form: Form, { heads, insured }: Sketch, now: number): Door['prefill'] {
  const source = { source: m.practice.source, as_of: dayFrom(now, -30) }
  const known = { employees: heads, insured_seen: insured }
  const asked = Object.entries(known).filter(([name]) => form.questions.some((question) => question.name === name))
  return Object.fromEntries(asked.map(([name, value]) => [name, { value, ...source }]))
}

function returnedFor(sketch: Sketch, now: number): Door['returned'] {
  if (sketch.change?.state !== 'returned') return null
  const at = new Date(now - DAY_MS).toISOString()
  const answers = { operating: 'yes', employees: sketch.heads, insured_seen: sketch.insured }
  const former = { client_id: 'practice-former', by: m.practice.person, recorded_at: at, outcome: 'done' as const, answers }
  return { question_text: m.practice.asked, questions: ['employees'], by: m.practice.by, at, former }
}

export function doorsFor(form: Form, now: number): Door[] {
  return SKETCHES.map((sketch, at) => ({
    task_id: -(at + 1),
    state: 'open',
    due_on: dayFrom(now, sketch.due),
    overdue: sketch.due < 0,
    why: sketch.why,
    round: { code: 'LX', title: m.practice.title },
    subject: {
      id: -(at + 1), kind: 'enterprise', kind_label: '企业', name: sketch.name, credit_code: '', address: sketch.address, industry: '示例',
    },
    premise: { code: at === 1 ? SAMPLE_PREMISE : premiseCode(`LXMPB2${ALPHABET[at]}`), label: '', lng: WEST + 0.001 * (at + 1), lat: SOUTH + 0.0008 * ((at * 2) % 5 + 1) },
    area: ENROLMENT.posting.area,
    area_name: m.practice.area,
    form: form.code,
    prefill: prefillOf(form, sketch, now),
    notices: at === 4 ? [notice(now)] : [],
    ...sketch.change,
    returned: returnedFor(sketch, now),
  }))
}

const choices = (...names: [string, string][]): Question['choices'] => names.map(([name, label]) => ({ name, label }))

/** For a phone that has not fetched the real form yet. */
export const PLAIN_FORM: Form = {
  code: 'employer',
  version: 'practice',
  title: '走访表（示例）',
  questions: [
    { name: 'operating', type: 'select_one', label: '现在是否在经营', required: true, choices: choices(['yes', '在经营'], ['closed', '歇业']) },
    { name: 'employees', type: 'integer', label: '在岗人数', required: true, relevant: "${operating} = 'yes'", constraint: '. >= 0' },
    { name: 'insured_seen', type: 'integer', label: '自报参保人数', required: true, relevant: "${operating} = 'yes'", constraint: '. >= 0' },
    { name: 'remark', type: 'text', label: '备注' },
    { name: 'refusal_photo', type: 'photo', label: '门面照片', required: true, relevant: "${outcome} = 'refused'" },
  ],
}

export const PLAIN_SERVICE: Form = {
  code: 'notice_service',
  version: 'practice',
  title: '送达记录（示例）',
  questions: [
    { name: 'notice', type: 'text', label: '文号', required: true },
    {
      name: 'way', type: 'select_one', label: '怎么送达的', required: true,
      choices: choices(['direct', '当面交给对方'], ['left', '对方不收，留在场所'], ['refused', '收下但不肯签字']),
    },
    { name: 'recipient', type: 'text', label: '收件人姓名', required: true, relevant: "${way} = 'direct'" },
    { name: 'signature', type: 'signature', label: '收件人签字', required: true, relevant: "${way} = 'direct'" },
    { name: 'witness_1', type: 'text', label: '见证人一', required: true, relevant: "${way} != 'direct'" },
    { name: 'witness_2', type: 'text', label: '见证人二', required: true, relevant: "${way} != 'direct'" },
    { name: 'photo', type: 'photo', label: '现场照片', required: "${way} != 'direct'" },
  ],
}
