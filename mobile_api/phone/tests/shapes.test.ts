/** An answer is our server's only when it has all that one of that address always has. */
import { expect, it } from 'vitest'
import { isChanges, isDoors, isEnrolled, isLookedUp, isMe, isPushed, isSuggested, isTileSetting } from '../src/sync/shapes'
import { changes, door, phone } from './cast'

type Recognises = (body: unknown) => boolean

const server_time = '2026-11-23T02:00:00Z'
const { token, person, posting } = phone
const visit = { client_id: 'a', status: 'accepted', missing_photos: ['ff'] }
const enrolled = { token, person, posting, server_time }

const GOOD: [name: string, isOurs: Recognises, body: Record<string, unknown>][] = [
  ['what became of visits', isPushed, { server_time, results: [visit] }],
  ['what became of suggestions', isSuggested, { results: [{ client_id: 'a', status: 'repeated' }] }],
  ['changes', isChanges, { ...changes([door(1)], { gone: [2] }) }],
  ['units alike', isLookedUp, { candidates: [{ name: '示例单位' }] }],
  ['an enrolment', isEnrolled, enrolled],
  ['the phone itself', isMe, { person, posting }],
  ['where maps come from', isTileSetting, { tile_url: '' }],
]

it.each(GOOD)('takes %s, and nothing that lacks a part of it', (_name, isOurs, body) => {
  expect(isOurs(body)).toBe(true)
  expect([null, [], 'x', 7].map(isOurs)).toEqual([false, false, false, false])
  const lacking = Object.keys(body).filter((key) => isOurs({ ...body, [key]: undefined }))
  expect(lacking).toEqual([])
})

it.each<[string, Recognises, unknown]>([
  ['a visit without its number', isPushed, { server_time, results: [{ ...visit, client_id: 3 }] }],
  ['a visit of which something unheard of became', isPushed, { server_time, results: [{ ...visit, status: 'lost' }] }],
  ['a visit whose pictures are no fingerprints', isPushed, { server_time, results: [{ ...visit, missing_photos: [1] }] }],
  ['results at no moment', isPushed, { server_time: 'today', results: [] }],
  ['a suggestion without its number', isSuggested, { results: [{ status: 'accepted' }] }],
  ['a suggestion of which something unheard of became', isSuggested, { results: [{ client_id: 'a', status: 'lost' }] }],
  ['a list with nothing in a place', isSuggested, { results: [null] }],
  ['changes that say not whether there are more', isChanges, { ...changes([]), more: 'no' }],
  ['changes after nothing', isChanges, { ...changes([]), cursor: Infinity }],
  ['changes with half a door', isChanges, { ...changes([]), doors: [{ task_id: 1, subject: {} }] }],
  ['a door of no number', isDoors, [{ ...door(1), task_id: '1' }]],
  ['a door of nobody', isDoors, [{ ...door(1), subject: null }]],
  ['a unit without a name', isLookedUp, { candidates: [{ credit_code: '' }] }],
  ['an enrolment with an empty token', isEnrolled, { ...enrolled, token: '' }],
  ['an enrolment of nobody', isEnrolled, { ...enrolled, person: { name: null } }],
  ['an enrolment for no posting', isEnrolled, { ...enrolled, posting: { id: '5' } }],
  ['a phone of no posting', isMe, { person, posting: {} }],
])('does not take %s', (_name, isOurs, body) => expect(isOurs(body)).toBe(false))

it('takes a cursor of either kind', () => {
  expect([7, '7,8:3'].map((cursor) => isChanges({ ...changes([]), cursor }))).toEqual([true, true])
  expect(isDoors([door(1), door(2)])).toBe(true)
})
