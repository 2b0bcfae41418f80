/** The doors, forms and phones the tests speak of. */
import { deleteDB } from 'idb'
import { closeDatabase } from '../src/store/db'
import { adoptEnrolment } from '../src/store/enrolments'
import { saveVisit } from '../src/store/visits'
import { targetOf } from '../src/store/doors'
import { lock } from '../src/store/vault'
import type { Changes, Door, Enrolment, Form, StoredPhoto, StoredVisit } from '../src/types'

export const employerForm: Form = {
  code: 'employer',
  version: 3,
  title: '用人单位走访表',
  questions: [
    {
      name: 'operating', type: 'select_one', label: '单位是否在营', required: true,
      choices: [{ name: 'yes', label: '在营' }, { name: 'closed', label: '歇业' }, { name: 'moved', label: '迁出' }],
    },
    {
      name: 'employees', type: 'integer', label: '在岗人数', required: true, relevant: "${operating} = 'yes'",
      constraint: '. >= 0', constraint_message: '人数不能是负数',
    },
    { name: 'insured_seen', type: 'integer', label: '自报参保人数', relevant: "${operating} = 'yes'" },
    {
      name: 'lapsed', type: 'select_one', label: '是否断缴', relevant: '${employees} > ${insured_seen}',
      choices: [{ name: 'yes', label: '是' }, { name: 'no', label: '否' }],
    },
    { name: 'uninsured', type: 'integer', label: '未参保', calculation: '${employees} - ${insured_seen}' },
    { name: 'remark', type: 'text', label: '备注' },
    { name: 'refusal_photo', type: 'photo', label: '拒访照片' },
  ],
}

export function door(taskId: number, change: Partial<Door> = {}): Door {
  const subject = {
    id: 1000 + taskId, kind: 'employer', kind_label: '用人单位', name: `示例单位${taskId}`,
    credit_code: '91150302MA0N00000X', address: `海勃湾区新华街${taskId}号`, industry: '餐饮',
  }
  return {
    task_id: taskId, state: 'open', due_on: '2026-12-01', overdue: false, why: '登记 12 人,参保 3 人',
    round: { code: 'LC-2026-01', title: '第四季度摸排' }, subject,
    premise: { code: `HBW${taskId}`, label: '临街门面', lng: null, lat: null },
    area: '150302001001001', area_name: '新华街社区第一网格', form: 'employer', prefill: {}, returned: null, ...change,
  }
}

export function changes(doors: Door[], more: Partial<Changes> = {}): Changes {
  return { cursor: 7, more: false, server_time: new Date().toISOString(), doors, gone: [], ...more }
}

export const phone: Enrolment = {
  id: 'phone-1', token: 'token-1', person: { name: '张网格' }, label: '测试手机', enrolled_at: '2026-11-01T00:00:00Z',
  posting: { id: 5, role: 'WORKER', area: '150302001001001', area_name: '第一网格' }, state: 'active',
}

export async function freshPhone(): Promise<void> {
  await restart()
  await deleteDB('grid-canvass')
  await adoptEnrolment(phone)
}

/** Closes and opens the database again, as a killed and restarted app does. */
export async function restart(): Promise<void> {
  lock()
  await closeDatabase()
}

export async function save(taskId: number, photos: StoredPhoto[] = []): Promise<StoredVisit> {
  return saveVisit({
    key: `task:${taskId}`, target: targetOf(door(taskId)), form: employerForm, outcome: 'done',
    answers: { operating: 'yes', employees: 12 }, photos, replaces: null, corrects: null, awaitPosition: false,
  })
}

