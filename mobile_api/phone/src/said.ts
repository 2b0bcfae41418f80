/** A visit told in words: what was answered, and where it is on its way. Pure. */
import { isItems } from './forms/expressions'
import { wordsOf } from './forms/words'
import { isCreditCode } from './codes'
import { m } from './messages'
import type { Enrolment, Form, Premise, Question, Subject, StoredDoor, StoredPhoto, StoredVisit, Value, Values } from './types'

export interface Line {
  name: string
  label: string
  text: string
}

/** A site, a notice board and an old registration have numbers of their own. */
export function codeName(code: string): string {
  return isCreditCode(code) ? m.door.code : m.door.number
}

/** `东网格、西网格 网格员`; with more than one role each by itself. */
export function postingWords({ posting, postings = [posting] }: Enrolment): string {
  const all = postings.length ? postings : [posting]
  const roles = [...new Set(all.map(({ role }) => role))]
  const areasOf = (role: string): string => all.filter((post) => post.role === role).map((post) => post.area_name).join('、')
  return roles.map((role) => `${areasOf(role)} ${m.mine.roles[role.toUpperCase()] ?? role}`).join('，')
}

/** The door's code, and what is written on its label unless that is the address just read. */
export function premiseText({ premise, subject }: { premise: Premise | null; subject: Subject | null }): string {
  if (!premise) return ''
  return premise.label === subject?.address ? premise.code : `${premise.code} ${premise.label}`.trim()
}

/** The signature itself is shown with the pictures. */
function textOf(question: Question | undefined, value: Value): string {
  return question?.type === 'signature' && value ? m.record.signature : wordsOf(question, value)
}

function linesOf(questions: Question[], answers: Values, prefix: string): Line[] {
  const known = questions.filter(({ name }) => name in answers).map(({ name }) => name)
  const names = [...known, ...Object.keys(answers).filter((name) => !known.includes(name))]
  return names.flatMap((name) => {
    const question = questions.find((candidate) => candidate.name === name)
    const label = question?.label ?? name
    const value = answers[name]
    if (!isItems(value)) return [{ name, label: prefix + label, text: textOf(question, value) }]
    return value.flatMap((item, at) => linesOf(question?.questions ?? [], item, `${m.record.item(label, at + 1)} · `))
  })
}

/** The answers in the order of the form; an answer the form no longer asks comes last, under its name. */
export function answerLines(form: Form | undefined, answers: Values): Line[] {
  return linesOf(form?.questions ?? [], answers, '')
}

export interface Step {
  key: 'saved' | 'delivered' | 'photos' | 'taken' | 'returned' | 'refused'
  text: string
  at: string
  standing: 'done' | 'now' | 'bad' | 'later'
}

/** Whether the desk asks about this very visit. */
export function isAskedAbout(visit: StoredVisit, door: StoredDoor | undefined): boolean {
  if (door?.state !== 'returned' || !door.returned || visit.state !== 'sent') return false
  const former = door.returned.former
  return former ? former.client_id === visit.client_id : door.task_id === visit.body.task_id
}

/** 已保存 → 已送到 → (照片) → 已受理, or where it stuck. */
export function stepsOf(visit: StoredVisit, photos: StoredPhoto[], door: StoredDoor | undefined): Step[] {
  const { state, result, body, sent_at } = visit
  const words = m.record.steps
  const isThere = state === 'sent' || (state === 'corrected' && result?.status !== 'refused')
  const steps: Step[] = [{ key: 'saved', text: words.saved, at: body.recorded_at, standing: 'done' }]
  if (state === 'refused' || result?.status === 'refused') {
    const standing = state === 'waiting' ? 'now' : 'bad'
    if (standing === 'bad') return [...steps, { key: 'refused', text: words.refused, at: sent_at ?? '', standing }]
  }
  steps.push({ key: 'delivered', text: isThere ? words.delivered : words.deliveredNot, at: isThere ? (sent_at ?? '') : '', standing: isThere ? 'done' : 'now' })
  if (photos.length) {
    const there = photos.filter((photo) => photo.state === 'sent').length
    const bad = photos.some((photo) => photo.state === 'refused')
    const standing = there === photos.length ? 'done' : bad ? 'bad' : isThere ? 'now' : 'later'
    steps.push({ key: 'photos', text: m.record.photosLeft(there, photos.length), at: '', standing })
  }
  const number = result?.visit ? ` ${result.visit}` : ''
  steps.push({ key: 'taken', text: isThere ? words.taken + number : words.takenNot, at: '', standing: isThere ? 'done' : 'later' })
  if (isAskedAbout(visit, door)) {
    steps.push({ key: 'returned', text: words.returned, at: door?.returned?.at ?? '', standing: 'bad' })
  }
  return steps
}

/** How the server dealt with it, in words; its own message says it better than ours. */
export function routeWords(visit: StoredVisit): string {
  const { result } = visit
  if (!result || result.status === 'refused') return ''
  return result.message || m.record.routes[result.route] || m.record.routes.normal
}
