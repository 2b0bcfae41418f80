/**
 * HTTP to our own server. Every failure becomes one of two errors: no answer, or an answer that refuses. Between phone
 * and server stand hotspots, firewalls and proxies that answer in the server's place, with any status and any page:
 * only what is told apart as the server's own is believed, good or bad. Everything else is no answer, and tried later.
 */
import { isPractice } from '../store/db'
import { type Code, MEANINGS, addressOf, codeAt } from './refusals'

/** Why nothing came back: no signal at all, a server that cannot be reached, or somebody else who answered. */
export type Way = 'offline' | 'unreachable' | 'portal'

function wayNow(): Way {
  return navigator.onLine === false ? 'offline' : 'unreachable'
}

/** Nothing of our server came back. Try later. `status` is that of whoever answered instead, 0 if nobody did. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly way: Way = wayNow(),
    readonly status = 0,
    readonly retryAfter = 0,
  ) {
    super(message)
  }
}

/** The server itself answered and refused, with the code of a problem document. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: Code,
    readonly title: string,
    readonly detail: string,
    readonly retryAfter: number,
    readonly advice = '',
  ) {
    super([detail || title || code, advice].filter(Boolean).join(' '))
  }

  /** As it is, it will never be taken. */
  get isFinal(): boolean {
    return MEANINGS[this.code] === 'final'
  }

  /** About the phone's token, and not about what was sent. */
  get isOfPhone(): boolean {
    return MEANINGS[this.code] === 'phone'
  }
}

export const API = '/api/v1/'

/** What is done in practice stays on the phone: this is the one place where a request leaves it. */
function refuseInPractice(): void {
  if (isPractice()) throw new NoAnswer('practice')
}
const PATIENCE_MS = 30_000
/** For the body once the head is there: a page that never ends must not stop the sending for ever. */
const BODY_PATIENCE_MS = 60_000

interface Call {
  method?: string
  token?: string
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
}

/** A whole answer, whoever gave it. */
export interface Answer {
  address: string
  status: number
  headers: Headers
  text: string
}

/** An answer, whatever its status and whoever gave it; raises NoAnswer alone. Redirects are not followed: ours has none. */
export async function call(path: string, { method = 'GET', token, json, body, headers }: Call = {}): Promise<Answer> {
  refuseInPractice()
  const stop = new AbortController()
  let timer = setTimeout(() => stop.abort(), PATIENCE_MS)
  const all: Record<string, string> = { Accept: 'application/json', ...headers }
  if (token) all.Authorization = `Bearer ${token}`
  if (json !== undefined) all['Content-Type'] = 'application/json'
  try {
    const response = await fetch(path.startsWith('/') ? path : API + path, {
      method,
      headers: all,
      body: json === undefined ? body : JSON.stringify(json),
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'manual',
    })
    clearTimeout(timer)
    timer = setTimeout(() => stop.abort(), BODY_PATIENCE_MS)
    return { address: addressOf(method, path), status: response.status, headers: response.headers, text: await response.text() }
  } catch (error) {
    throw new NoAnswer(String(error))
  } finally {
    clearTimeout(timer)
  }
}

const LONGEST_ASKED_MS = 60 * 60_000

/** Milliseconds of a Retry-After: seconds, or a date, which is set against the server's own clock and not the phone's. */
export function waitAsked(header: string | null, date: string | null): number {
  if (!header) return 0
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - (Date.parse(date ?? '') || Date.now())
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_ASKED_MS) : 0
}

function waitIn({ headers }: Answer): number {
  return waitAsked(headers.get('Retry-After'), headers.get('Date'))
}

function isOfType({ headers }: Answer, type: string): boolean {
  return (headers.get('Content-Type') ?? '').split(';')[0].trim().toLowerCase() === type
}

/** The JSON in an answer of that content type; null when it is none, or was cut off. */
function objectIn(answer: Answer, type: string): unknown {
  if (!isOfType(answer, type)) return null
  try {
    return JSON.parse(answer.text)
  } catch {
    return null
  }
}

/**
 * Why an answer that is not the one hoped for came: our server refuses, or it was not our server. A proxy that says
 * 502 says that the server is away; any other page is that of somebody who wants something first.
 */
export function refusalIn(answer: Answer): Refused | NoAnswer {
  const { address, status } = answer
  const problem = (objectIn(answer, 'application/problem+json') ?? {}) as Record<string, unknown>
  const code = codeAt(address, status, problem.code)
  if (code === null) {
    const isAway = status >= 500 && status !== 511
    return new NoAnswer(`${address}: ${status} is not ours`, isAway ? 'unreachable' : 'portal', status, waitIn(answer))
  }
  const text = (key: string): string => (typeof problem[key] === 'string' ? (problem[key] as string) : '')
  return new Refused(status, code, text('title'), text('detail'), waitIn(answer), text('advice'))
}

/** The JSON of a good answer that `isOurs` recognises. */
export function bodyIn<T>(answer: Answer, isOurs: (body: unknown) => body is T): T {
  if (answer.status !== 200 && answer.status !== 201) throw refusalIn(answer)
  const body = objectIn(answer, 'application/json')
  if (isOurs(body)) return body
  const isCut = body === null && isOfType(answer, 'application/json')
  throw isCut ? new NoAnswer(`${answer.address}: cut off`) : refusalIn(answer)
}

export async function ask<T>(path: string, isOurs: (body: unknown) => body is T, options: Call = {}): Promise<T> {
  return bodyIn(await call(path, options), isOurs)
}
