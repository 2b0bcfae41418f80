/** HTTP to our own server. Every failure becomes one of two errors: no answer, or an answer that refuses. */
import { isPractice } from '../store/db'

/** Nothing came back: no network, a dead server, a captive portal. Try later. */
export class NoAnswer extends Error {}

/** The server answered and refused, with the code of a problem document. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly retryAfter: number,
    readonly advice = '',
  ) {
    super([detail || title || `${status}`, advice].filter(Boolean).join(' '))
  }

  /** Trying the very same thing later may help. */
  get passing(): boolean {
    return this.status === 401 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export const API = '/api/v1/'

/** What is done in practice stays on the phone: this is the one place where a request leaves it. */
function refuseInPractice(): void {
  if (isPractice()) throw new NoAnswer('practice')
}
const PATIENCE_MS = 30_000

interface Call {
  method?: string
  token?: string
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
}

/** An answer, whatever its status; raises NoAnswer alone. */
export async function call(path: string, { method = 'GET', token, json, body, headers }: Call = {}): Promise<Response> {
  refuseInPractice()
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS)
  const all: Record<string, string> = { Accept: 'application/json', ...headers }
  if (token) all.Authorization = `Bearer ${token}`
  if (json !== undefined) all['Content-Type'] = 'application/json'
  try {
    return await fetch(path.startsWith('/') ? path : API + path, {
      method,
      headers: all,
      body: json === undefined ? body : JSON.stringify(json),
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'omit',
    })
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

export async function refusalOf(response: Response): Promise<Refused> {
  let problem: Record<string, unknown> = {}
  try {
    problem = (await response.json()) as Record<string, unknown>
  } catch {
    // A proxy's error page: the status is all there is.
  }
  const text = (key: string): string => (typeof problem[key] === 'string' ? (problem[key] as string) : '')
  const wait = waitAsked(response.headers.get('Retry-After'), response.headers.get('Date'))
  return new Refused(response.status, text('code'), text('title'), text('detail'), wait, text('advice'))
}

/** The JSON of a good answer. A captive portal's page with status 200 counts as no answer. */
export async function ask<T>(path: string, options: Call = {}): Promise<T> {
  const response = await call(path, options)
  if (!response.ok) throw await refusalOf(response)
  try {
    return (await response.json()) as T
  } catch (error) {
    throw new NoAnswer(String(error))
  }
}
