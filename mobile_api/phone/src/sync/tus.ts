/**
 * A small client of tus 1.0 (creation and core): a picture goes up in chunks, and goes on where it
 * stopped, after a lost network as after a killed app.
 */
import { NoAnswer, Refused, call, refusalOf } from './client'

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

/** Uploads live on our own origin; a Location behind a proxy may name another host. */
function localPath(location: string): string {
  const url = new URL(location, 'http://server/api/v1/uploads/')
  return url.pathname + url.search
}

function offsetIn(response: Response): number {
  const offset = Number(response.headers.get('Upload-Offset') ?? NaN)
  if (!Number.isInteger(offset) || offset < 0) throw new NoAnswer('no upload offset')
  return offset
}

/** Begins an upload, or finds the one begun before a crash: then the server already holds some of it. */
async function create(upload: Upload): Promise<[address: string, offset: number]> {
  const response = await call('uploads/', {
    method: 'POST',
    token: upload.token,
    headers: {
      ...VERSION,
      'Upload-Length': String(upload.bytes.byteLength),
      'Upload-Metadata': metadataHeader(upload.metadata),
    },
  })
  if (response.status !== 201) throw await refusalOf(response)
  const location = response.headers.get('Location')
  if (!location) throw new NoAnswer('no upload location')
  return [localPath(location), response.headers.has('Upload-Offset') ? offsetIn(response) : 0]
}

/** Where the server stands, or null when it no longer knows the upload. */
async function offsetAt(address: string, token: string): Promise<number | null> {
  const response = await call(address, { method: 'HEAD', token, headers: VERSION })
  if (response.status === 404 || response.status === 410) return null
  if (!response.ok) throw await refusalOf(response)
  return offsetIn(response)
}

async function sendChunk(address: string, token: string, bytes: ArrayBuffer, offset: number): Promise<number> {
  const response = await call(address, {
    method: 'PATCH',
    token,
    headers: { ...VERSION, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
    body: bytes.slice(offset, offset + CHUNK),
  })
  if (response.status !== 204) throw await refusalOf(response)
  return offsetIn(response)
}

async function startOrResume(upload: Upload): Promise<[address: string, offset: number]> {
  if (upload.address) {
    const offset = await offsetAt(upload.address, upload.token)
    if (offset !== null) return [upload.address, offset]
  }
  const [address, offset] = await create(upload)
  if (offset < upload.bytes.byteLength) return [address, offset]
  // All of it is there. Asking once makes a server that died before checking the hash do it now.
  const checked = await offsetAt(address, upload.token)
  if (checked === null) throw new NoAnswer('upload vanished')
  return [address, checked]
}

/**
 * Sends what the server does not have yet. Raises NoAnswer when the network goes (resume later),
 * Refused when the server will not have it: 460 means the hash was wrong and the upload is gone.
 */
export async function sendUpload(upload: Upload): Promise<void> {
  const { bytes, token, progress } = upload
  let [address, offset] = await startOrResume(upload)
  await progress(address, offset)
  for (let conflicts = 0; offset < bytes.byteLength; ) {
    try {
      const next = await sendChunk(address, token, bytes, offset)
      if (next <= offset) throw new NoAnswer('upload stands still')
      offset = next
    } catch (error) {
      // 409: a chunk arrived whose answer was lost. The server knows best where it stands.
      if (!(error instanceof Refused) || error.status !== 409 || (conflicts += 1) > 3) throw error
      const known = await offsetAt(address, token)
      if (known === null) throw new NoAnswer('upload vanished')
      offset = known
    }
    await progress(address, offset)
  }
}
