/** One picture on its way up, whatever the other end answers: what it holds is asked of it, and never guessed. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { NoAnswer, Refused } from '../src/sync/client'
import { CHUNK, type Upload, sendUpload } from '../src/sync/tus'
import { freshPhone } from './cast'
import { type Handler, heard, problem, serve, tus } from './server'

const bytes = Uint8Array.from({ length: CHUNK + 100 }, (_, at) => at % 251).buffer
const BEGUN = '/api/v1/uploads/7'
const begun = (offset: number): Response => tus(201, offset, { Location: BEGUN })
let steps: number[] = []

function send(handler: Handler, address = ''): Promise<void> {
  serve(handler)
  const progress = async (_address: string, offset: number): Promise<void> => void steps.push(offset)
  return sendUpload({ token: 'token-1', bytes, metadata: { visit: 'v' }, address, progress } satisfies Upload)
}

const methods = (): string[] => heard.map(({ method }) => method)

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
  steps = []
})

it.each<[string, Response]>([
  ['names a place that is no upload', tus(201, 0, { Location: '/login' })],
  ['names no place', tus(201, 0)],
  ['says that it holds more than there is', begun(bytes.byteLength + 1)],
  ['says no number', tus(201, 0, { Location: BEGUN, 'Upload-Offset': 'all' })],
  ['does not say where the upload stands', new Response(null, { status: 201, headers: { Location: BEGUN, 'Tus-Resumable': '1.0.0' } })],
  ['does not speak tus', new Response(null, { status: 201, headers: { Location: BEGUN, 'Upload-Offset': '0' } })],
])('is not begun with one that %s', async (_name, answer) => {
  await expect(send(() => answer)).rejects.toBeInstanceOf(NoAnswer)
  expect(steps).toEqual([])
})

describe('an upload begun before', () => {
  it.each([404, 410])('is begun anew where the server knows it no more (%i)', async (status) => {
    let offset = 0
    await send(({ method }) => {
      if (method === 'HEAD') return new Response(null, { status })
      if (method === 'POST') return begun(0)
      return tus(204, (offset = Math.min(offset + CHUNK, bytes.byteLength)))
    }, BEGUN)
    expect(methods()).toEqual(['HEAD', 'POST', 'PATCH', 'PATCH'])
    expect(steps).toEqual([0, CHUNK, bytes.byteLength])
  })

  it('waits while nobody says where it stands', async () => {
    await expect(send(() => new Response(null, { status: 502 }), BEGUN)).rejects.toBeInstanceOf(NoAnswer)
    expect(methods()).toEqual(['HEAD'])
  })

  it('goes on from where the server says', async () => {
    await send(({ method }) => tus(204, method === 'HEAD' ? CHUNK : bytes.byteLength), BEGUN)
    expect([methods(), steps]).toEqual([['HEAD', 'PATCH'], [CHUNK, bytes.byteLength]])
  })

  it('that is whole is asked after once more, so that its hash is looked at', async () => {
    await send(({ method }) => (method === 'POST' ? begun(bytes.byteLength) : tus(200, bytes.byteLength)))
    expect([methods(), steps]).toEqual([['POST', 'HEAD'], [bytes.byteLength]])
    await expect(send(({ method }) => (method === 'POST' ? begun(bytes.byteLength) : problem(404, 'not-here')))).rejects.toThrow('vanished')
  })
})

describe('a piece', () => {
  it('that moves nothing ends the try', async () => {
    await expect(send(({ method }) => (method === 'POST' ? begun(0) : tus(204, 0)))).rejects.toThrow('stands still')
  })

  it('that comes at the wrong place is asked about, and not for ever', async () => {
    const elsewhere: Handler = ({ method }) => (method === 'POST' ? begun(0) : method === 'HEAD' ? tus(200, 50) : problem(409, 'upload-offset'))
    await expect(send(elsewhere)).rejects.toBeInstanceOf(Refused)
    expect(methods().filter((method) => method === 'PATCH')).toHaveLength(4)
  })

  it('that comes when the upload is gone ends the try', async () => {
    const answers: Record<string, Response> = { POST: begun(0), PATCH: problem(409, 'upload-offset'), HEAD: problem(404, 'not-here') }
    await expect(send(({ method }) => answers[method])).rejects.toThrow('vanished')
  })
})
