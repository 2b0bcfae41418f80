import { beforeEach, expect, it, vi } from 'vitest'
import { database, useDatabase, WORK } from '../src/store/db'
import { adoptEnrolment } from '../src/store/enrolments'
import {
  allSuggestions, applySuggestions, dropSuggestion, holdSuggestion, markAnswersSeen, suggestAgain, takeSuggestionResults, waitingSuggestions,
  writeSuggestion,
} from '../src/store/suggestions'
import { healFalseRefusals } from '../src/sync/again'
import { pushSuggestions } from '../src/sync/suggestions'
import { changes, freshPhone, phone, restart } from './cast'
import { heard, json, problem, serve, serveNothing } from './server'
import { pullChanges } from '../src/sync/pull'

interface Item {
  client_id: string
  text: string
  task_id: number | null
}

/** A desk that keeps each suggestion once by its key, as the real one does. */
class Desk {
  kept = new Map<string, Item>()
  losesAnswers = 0

  take(items: Item[]): Response {
    const results = items.map((item) => {
      const status = this.kept.has(item.client_id) ? 'repeated' : 'accepted'
      this.kept.set(item.client_id, item)
      return { client_id: item.client_id, status, code: '', message: '' }
    })
    if (this.losesAnswers-- > 0) throw new TypeError('answer lost')
    return json({ results })
  }
}

let desk: Desk

beforeEach(async () => {
  await useDatabase(WORK)
  vi.unstubAllGlobals()
  await freshPhone()
  desk = new Desk()
  serve(async (request) => desk.take(((await request.json()) as { items: Item[] }).items))
})

it('keeps a suggestion over a restart and says whom it is about', async () => {
  serveNothing()
  await writeSuggestion('  这家搬走了 ', { task_id: 7, name: '示例单位7' })
  await expect(pushSuggestions()).rejects.toThrow()
  await restart()
  const [suggestion] = await allSuggestions()
  expect(suggestion).toMatchObject({ text: '这家搬走了', task_id: 7, about: '示例单位7', state: 'waiting' })
})

it('reaches the desk exactly once though the answer is lost twice', async () => {
  await writeSuggestion('门牌号写错了', null)
  desk.losesAnswers = 2
  await expect(pushSuggestions()).rejects.toThrow()
  await expect(pushSuggestions()).rejects.toThrow()
  await pushSuggestions()
  await pushSuggestions()
  expect(heard.filter(({ path }) => path === 'suggestions')).toHaveLength(3)
  expect([...desk.kept.values()].map((item) => item.text)).toEqual(['门牌号写错了'])
  expect((await allSuggestions())[0].state).toBe('sent')
})

it('does not let one the server cannot read hold up the others, and never drops it', async () => {
  for (const text of ['甲', '坏', '乙']) await writeSuggestion(text, null)
  serve(async (request) => {
    const { items } = (await request.json()) as { items: Item[] }
    return items.some((item) => item.text === '坏') ? problem(422, 'malformed-request', '读不懂') : desk.take(items)
  })
  await pushSuggestions()
  expect([...desk.kept.values()].map((item) => item.text).sort()).toEqual(['乙', '甲'])
  const bad = (await allSuggestions()).find((suggestion) => suggestion.text === '坏')
  expect(bad).toMatchObject({ state: 'refused', message: '读不懂' })
  await healFalseRefusals()
  expect((await allSuggestions()).find((one) => one.text === '坏')?.state).toBe('refused')
  await suggestAgain(bad!.client_id)
  expect((await allSuggestions()).find((suggestion) => suggestion.text === '坏')?.state).toBe('waiting')
  await dropSuggestion(bad!.client_id)
  expect(await allSuggestions()).toHaveLength(2)
})

it('shows the answer of the desk with a mark until it was read', async () => {
  await writeSuggestion('门牌号写错了', null)
  await pushSuggestions()
  const [{ client_id, text }] = await allSuggestions()
  const answered = { client_id, text, state: 'answered' as const, answer: '已更正', by: '赵敏', at: '2026-11-23T02:00:00Z' }
  serve(() => json(changes([], { suggestions: [answered] })))
  await pullChanges(phone)
  expect((await allSuggestions())[0]).toMatchObject({ seen: false, answer: { text: '已更正', by: '赵敏' } })
  await markAnswersSeen()
  await applySuggestions([answered], phone.id)
  expect((await allSuggestions())[0].seen).toBe(true)
  await applySuggestions([{ ...answered, answer: '已更正，谢谢' }], phone.id)
  expect((await allSuggestions())[0].seen).toBe(false)
})

it('takes in what was written on an earlier phone', async () => {
  await applySuggestions([{ client_id: 'old', text: '旧手机写的', state: 'open', at: '2026-11-01T00:00:00Z' }], phone.id)
  expect(await allSuggestions()).toMatchObject([{ client_id: 'old', text: '旧手机写的', state: 'sent', answer: null }])
})

it('is refused alone when the desk will not have it, and waits where the phone that wrote it is gone', async () => {
  await writeSuggestion('甲', null)
  await writeSuggestion('乙', null)
  serve(async (request) => {
    const { items } = (await request.json()) as { items: Item[] }
    const code = 'malformed-suggestion'
    return json({ results: items.map(({ client_id, text }) => ({ client_id, status: text === '甲' ? 'refused' : 'accepted', code, message: '' })) })
  })
  await pushSuggestions()
  expect(Object.fromEntries((await allSuggestions()).map(({ text, state }) => [text, state]))).toEqual({ 甲: 'refused', 乙: 'sent' })
  await writeSuggestion('丙', null)
  await (await database()).delete('enrolments', phone.id)
  heard.length = 0
  await pushSuggestions()
  expect(heard).toEqual([])
})

it('takes an answer that says no more than that there is one', async () => {
  await applySuggestions([{ client_id: 'old', text: '旧手机写的', state: 'answered' }], phone.id)
  expect((await allSuggestions())[0]).toMatchObject({ answer: { text: '', by: '', at: '' }, seen: false })
  await markAnswersSeen()
  await markAnswersSeen()
  expect((await allSuggestions())[0].seen).toBe(true)
  await applySuggestions([], phone.id)
  await applySuggestions(undefined, phone.id)
  expect(await allSuggestions()).toHaveLength(1)
})

it('is sent when the answer comes while it is being held back, and stays so', async () => {
  await writeSuggestion('门牌号写错了', null)
  const [one] = await allSuggestions()
  const { client_id } = one
  await Promise.all([holdSuggestion(one, 403), takeSuggestionResults([{ client_id, status: 'accepted', code: '', message: '' }])])
  expect((await allSuggestions())[0].state).toBe('sent')
  await holdSuggestion(one, 403)
  await suggestAgain(client_id)
  await takeSuggestionResults([{ client_id, status: 'refused', code: 'malformed-suggestion', message: '' }])
  expect((await allSuggestions())[0].state).toBe('sent')
})

it('rests while it is held back, and goes at once when the person says so', async () => {
  await writeSuggestion('门牌号写错了', null)
  await holdSuggestion((await allSuggestions())[0], 403)
  expect((await waitingSuggestions()).size).toBe(0)
  await suggestAgain((await allSuggestions())[0].client_id)
  expect((await waitingSuggestions()).get(phone.id)).toHaveLength(1)
})

it('hands in under the enrolment it was written under, and shows it to nobody else', async () => {
  await writeSuggestion('张网格写的', null)
  const other = { ...phone, id: 'phone-2', token: 'token-2', person: { name: '李网格' }, posting: { ...phone.posting, id: 6 } }
  await adoptEnrolment(other)
  expect(await allSuggestions()).toEqual([])
  await pushSuggestions()
  expect(heard.map(({ token }) => token)).toEqual(['token-1'])
  expect(desk.kept.size).toBe(1)
})
