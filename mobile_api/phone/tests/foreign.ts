/** What may answer in the server's place: hotspots, firewalls, proxies, other people's servers, half of our own answer. */
import type { Handler } from './server'

const PAGE = '<!doctype html><html><title>请先登录</title><form>…</form></html>'
const HTML = { 'Content-Type': 'text/html; charset=utf-8' }

const page = (status: number, headers: Record<string, string> = {}): Handler => () => {
  const isEmpty = status === 204 || status === 304
  return new Response(isEmpty ? null : PAGE, { status, headers: { ...HTML, ...headers } })
}
const said = (body: unknown, status = 200, type = 'application/json'): Handler => () =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'Content-Type': type } })
const problem = (status: number, code?: string): Handler =>
  said({ type: 'about:blank', title: 'Forbidden', status, ...(code === undefined ? {} : { code }) }, status, 'application/problem+json')

/** What a browser gives for a redirect it was told not to follow: nothing can be read of it. */
function opaque(): Response {
  return Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' }, status: { value: 0 } })
}

const STATUSES = [200, 201, 202, 203, 204, 206, 304, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 411, 412, 413, 414, 415]
STATUSES.push(421, 422, 423, 425, 426, 428, 429, 431, 451, 460, 500, 501, 502, 503, 504, 507, 508, 511, 520, 530)

export const FOREIGN: [name: string, answer: Handler][] = [
  ...STATUSES.map((status): [string, Handler] => [`${status} with a page`, page(status)]),
  ['302 to a page', page(302, { Location: 'http://portal.example/login' })],
  ['a redirect nothing can be read of', opaque],
  ['503 that asks to come back in a day', page(503, { 'Retry-After': '86400' })],
  ['a page that calls itself JSON', said(PAGE)],
  ['JSON of somebody else', said({ code: 0, msg: 'ok', data: {} })],
  ['JSON of somebody else with 403', said({ code: 'device-revoked', message: '未认证' }, 403)],
  ['a number', said(7)],
  ['null', said(null)],
  ['an empty list', said([])],
  ['an answer with nothing in it', said({})],
  ['results that are none', said({ server_time: new Date().toISOString(), results: [{ status: 'accepted' }] })],
  ['results of others', said({ server_time: new Date().toISOString(), results: [other('accepted')] })],
  ['refusals of others', said({ server_time: new Date().toISOString(), results: [other('refused')] })],
  ['half of an answer', said(`{"server_time":"${new Date().toISOString()}","results":[{"client_`)],
  ['half of a list of doors', said(`{"cursor":9,"more":false,"server_time":"${new Date().toISOString()}","doors":[{"task_id":1`)],
  ['nothing at all', said('')],
  ['401 with our words and no code', said({ title: '手机已停用', status: 401 }, 401, 'application/problem+json')],
  ['401 with our code and another content type', said({ code: 'device-revoked', status: 401 }, 401)],
  ['a problem without a code', problem(403)],
  ['a problem under a code nobody knows', problem(403, 'access-denied')],
  ['a problem of ours under another status', problem(403, 'device-revoked')],
  ['a problem of ours that this address does not have', problem(409, 'four-eyes')],
  ['a problem that is no object', said('"device-revoked"', 401, 'application/problem+json')],
  ['half of a problem', said('{"code":"device-revoked","status":401,"ti', 401, 'application/problem+json')],
  ['a line that breaks', () => { throw new TypeError('Failed to fetch') }],
  ['a body that breaks off', () => new Response(new ReadableStream({ pull: (body) => body.error(new TypeError('cut')) }), { status: 200 })],
]

function other(status: string): object {
  const client_id = '00000000-0000-4000-8000-000000000000'
  return { client_id, status, route: 'normal', code: 'malformed-visit', message: '', visit: 'V9', missing_photos: [] }
}
