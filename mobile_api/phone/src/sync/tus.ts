/**
 * A small client of tus 1.0 (creation and core): a picture goes up in chunks, and goes on where it
 * stopped, after a lost network as after a killed app.
 */
import { type Answer, NoAnswer, Refused, call, refusalIn } from './client'

export const CHUNK = 64 * 1024
const VERSION = { 'Tus-Resumable': '1.0.0' }

export interface Upload {
  token: string
  bytes: ArrayBuffer
  metadata: Record<string, string>
  address: string
  /** Told after every step, so that the caller can write it down before the next one. */
  progress: (address: string, offset: number) => Promise<void>
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

function metadataHeader(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',')
}

/** Uploads live on our own origin; a Location behind a proxy may name another host, never another kind of address. */
function localPath(answer: Answer): string {
  const { pathname } = new URL(answer.headers.get('Location') ?? '', 'http://server/api/v1/uploads/')
  if (!/^\/api\/v1\/uploads\/[^/]+$/.test(pathname)) throw refusalIn(answer)
  return pathname
}

/** Only who speaks tus and says where the upload stands is our server: any page may answer with the same status. */
function offsetIn(answer: Answer, size: number): number {
  const told = answer.headers.get('Upload-Offset') ?? ''
  const speaksTus = answer.headers.get('Tus-Resumable') === VERSION['Tus-Resumable']
  if (!speaksTus || !/^\d+$/.test(told) || Number(told) > size) throw refusalIn(answer)
  return Number(told)
}

/** Begins an upload, or finds the one begun before a crash: then the server already holds some of it. */
async function create(upload: Upload): Promise<[address: string, offset: number]> {
  const answer = await call('uploads/', {
    method: 'POST',
    token: upload.token,
    headers: {
      ...VERSION,
      'Upload-Length': String(upload.bytes.byteLength),
      'Upload-Metadata': metadataHeader(upload.metadata),
    },
  })
  if (answer.status !== 201) throw refusalIn(answer)
  return [localPath(answer), offsetIn(answer, upload.bytes.byteLength)]
}

/**
 * Where the server stands, or null when it no longer knows the upload. An answer to HEAD has no body that could say
 * whose it is: if it was not our server that knew nothing, nothing is lost, for beginning anew finds what was begun.
 */
async function offsetAt(address: string, { token, bytes }: Upload): Promise<number | null> {
  const answer = await call(address, { method: 'HEAD', token, headers: VERSION })
  if (answer.status === 404 || answer.status === 410) return null
  if (answer.status !== 200 && answer.status !== 204) throw refusalIn(answer)
  return offsetIn(answer, bytes.byteLength)
}

async function sendChunk(address: string, { token, bytes }: Upload, offset: number): Promise<number> {
  const answer = await call(address, {
    method: 'PATCH',
    token,
    headers: { ...VERSION, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
    body: bytes.slice(offset, offset + CHUNK),
  })
  if (answer.status !== 204) throw refusalIn(answer)
  return offsetIn(answer, bytes.byteLength)
}

async function startOrResume(upload: Upload): Promise<[address: string, offset: number]> {
  if (upload.address) {
    const offset = await offsetAt(upload.address, upload)
    if (offset !== null) return [upload.address, offset]
  }
  const [address, offset] = await create(upload)
  if (offset < upload.bytes.byteLength) return [address, offset]
  // All of it is there. Asking once makes a server that died before checking the hash do it now.
  const checked = await offsetAt(address, upload)
  if (checked === null) throw new NoAnswer('upload vanished')
  return [address, checked]
}

/**
 * Sends what the server does not have yet. Raises NoAnswer when the network goes (resume later),
 * Refused when the server will not have it: `photo-hash-wrong` means that the upload is gone.
 */
export async function sendUpload(upload: Upload): Promise<void> {
  const { bytes, progress } = upload
  let [address, offset] = await startOrResume(upload)
  await progress(address, offset)
  for (let conflicts = 0; offset < bytes.byteLength; ) {
    try {
      const next = await sendChunk(address, upload, offset)
      if (next <= offset) throw new NoAnswer('upload stands still')
      offset = next
    } catch (error) {
      // 409: a chunk arrived whose answer was lost. The server knows best where it stands.
      if (!(error instanceof Refused) || error.code !== 'upload-offset' || (conflicts += 1) > 3) throw error
      const known = await offsetAt(address, upload)
      if (known === null) throw new NoAnswer('upload vanished')
      offset = known
    }
    await progress(address, offset)
  }
}
