/** Whether JSON is our server's: it has what an answer of that address always has. Pure. */
import type { Candidate, Changes, Door, Enrolment, PoolAnswer, PoolRow, SuggestionResult, VisitResult } from '../types'

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isMoment = (value: unknown): boolean => isText(value) && Number.isFinite(Date.parse(value))
const isListOf = (value: unknown, isOne: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(isOne)
const isStatus = (value: unknown): boolean => value === 'accepted' || value === 'repeated' || value === 'refused'

function isVisitResult(result: unknown): boolean {
  return isObject(result) && isText(result.client_id) && isStatus(result.status) && isListOf(result.missing_photos, isText)
}

export function isPushed(body: unknown): body is { server_time: string; results: VisitResult[] } {
  return isObject(body) && isMoment(body.server_time) && isListOf(body.results, isVisitResult)
}

export function isSuggested(body: unknown): body is { results: SuggestionResult[] } {
  return isObject(body) && isListOf(body.results, (result) => isObject(result) && isText(result.client_id) && isStatus(result.status))
}

function isDoor(door: unknown): boolean {
  return isObject(door) && Number.isInteger(door.task_id) && isObject(door.subject) && isText(door.form)
}

export function isDoors(body: unknown): body is Door[] {
  return isListOf(body, isDoor)
}

export function isChanges(body: unknown): body is Changes {
  if (!isObject(body) || !isMoment(body.server_time) || typeof body.more !== 'boolean') return false
  const isCursor = isText(body.cursor) || Number.isFinite(body.cursor)
  return isCursor && isListOf(body.doors, isDoor) && isListOf(body.gone, Number.isInteger)
}

export function isLookedUp(body: unknown): body is { candidates: Candidate[] } {
  return isObject(body) && isListOf(body.candidates, (candidate) => isObject(candidate) && isText(candidate.name))
}

const isPoolRow = (row: unknown): boolean => isObject(row) && Number.isInteger(row.subject_id) && isText(row.name) && isText(row.area)

function isBucket(bucket: unknown): boolean {
  return isObject(bucket) && Number.isInteger(bucket.number) && isText(bucket.print) && isListOf(bucket.rows, isPoolRow)
}

export function isPool(body: unknown): body is PoolAnswer {
  if (!isObject(body) || typeof body.more !== 'boolean') return false
  return isListOf(body.buckets, isBucket) && Array.isArray(body.grids) && Array.isArray(body.refused)
}

export function isPoolFound(body: unknown): body is { rows: PoolRow[] } {
  return isObject(body) && isListOf(body.rows, isPoolRow)
}

export function isEnrolled(body: unknown): body is Pick<Enrolment, 'token' | 'person' | 'posting' | 'postings'> & { server_time: string } {
  if (!isObject(body) || !isText(body.token) || !body.token || !isMoment(body.server_time)) return false
  return isObject(body.person) && isText(body.person.name) && isObject(body.posting) && Number.isInteger(body.posting.id)
}

/** Of the phone itself: `GET me`. */
export function isMe(body: unknown): body is { posting: { id: number } } {
  return isObject(body) && isObject(body.person) && isObject(body.posting) && Number.isInteger(body.posting.id)
}

export function isTileSetting(body: unknown): body is { tile_url: string } {
  return isObject(body) && isText(body.tile_url)
}
