/** A small server at the network's edge: `fetch` is replaced, everything of ours is real. */
import { vi } from 'vitest'
import type { VisitBody, VisitResult } from '../src/types'

export type Handler = (request: Request, path: string) => Response | Promise<Response>

export interface Heard {
  method: string
  path: string
  token: string
  body: unknown
}

export const heard: Heard[] = []

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
}

export function problem(status: number, code: string, detail = '', headers: Record<string, string> = {}): Response {
  const body = { type: `/problems/${code}`, title: code, status, detail, code }
  return json(body, status, { 'Content-Type': 'application/problem+json', ...headers })
}

export function serve(handler: Handler): void {
  heard.length = 0
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const request = new Request(new URL(input, 'http://server'), init)
    const path = new URL(request.url).pathname.replace('/api/v1/', '') + new URL(request.url).search
    const token = (request.headers.get('Authorization') ?? '').replace('Bearer ', '')
    const isJson = request.headers.get('Content-Type') === 'application/json'
    heard.push({ method: request.method, path, token, body: isJson ? await request.clone().json() : null })
    return handler(request, path)
  })
}

export function serveNothing(): void {
  serve(() => {
    throw new TypeError('Failed to fetch')
  })
}

export function accepted(visit: VisitBody, missing: string[] = []): VisitResult {
  const { client_id } = visit
  return { client_id, status: 'accepted', route: 'normal', code: '', message: '', visit: 'V1', missing_photos: missing }
}

export function tus(status: number, offset: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(offset), ...headers } })
}

/** Bytes held by a tus endpoint that can be told to drop the line after a number of chunks. */
export class TusServer {
  uploads = new Map<string, { length: number; bytes: number[]; metadata: string }>()
  chunksUntilCut = Infinity
  answerLost = false
  wrongHash = 0

  handle(request: Request, path: string): Promise<Response> | Response {
    if (request.method === 'POST') return this.create(request)
    const upload = this.uploads.get(path)
    if (!upload) return problem(404, 'not-here')
    if (request.method === 'HEAD') return tus(200, upload.bytes.length)
    return this.patch(request, path, upload)
  }

  private create(request: Request): Response {
    const metadata = request.headers.get('Upload-Metadata') ?? ''
    const known = [...this.uploads].find(([, upload]) => upload.metadata === metadata)
    const path = known ? known[0] : `uploads/${this.uploads.size + 1}`
    const upload = known?.[1] ?? { length: Number(request.headers.get('Upload-Length')), bytes: [], metadata }
    this.uploads.set(path, upload)
    return tus(201, upload.bytes.length, { Location: `http://inner-host/api/v1/${path}` })
  }

  private async patch(request: Request, path: string, upload: { length: number; bytes: number[] }): Promise<Response> {
    if (this.chunksUntilCut-- <= 0) throw new TypeError('network lost')
    if (Number(request.headers.get('Upload-Offset')) !== upload.bytes.length) return problem(409, 'upload-offset')
    upload.bytes.push(...new Uint8Array(await request.arrayBuffer()))
    if (upload.bytes.length === upload.length && this.wrongHash-- > 0) {
      this.uploads.delete(path)
      return problem(460, 'photo-hash-wrong')
    }
    if (this.answerLost) {
      this.answerLost = false
      throw new TypeError('answer lost')
    }
    return tus(204, upload.bytes.length)
  }
}
