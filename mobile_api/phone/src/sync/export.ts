/** The last resort: everything not handed in yet as one file a supervisor can take by cable. */
import { allDrafts } from '../store/drafts'
import { allPhotos, pictureOf } from '../store/photos'
import { allVisits } from '../store/visits'

function base64Of(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes)
  let text = ''
  for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000))
  return btoa(text)
}

/** JSON text: visits as they would be sent, their pictures in base64, and drafts. No token is in it. */
export async function exportUnsent(): Promise<string> {
  const visits = (await allVisits()).filter((visit) => visit.state === 'waiting' || visit.state === 'refused')
  const photos = []
  for (const { id, owner, question, sha256, size, kind } of await allPhotos()) {
    const bytes = await pictureOf(id)
    if (bytes) photos.push({ visit: owner, question, sha256, size, kind, jpeg: base64Of(bytes) })
  }
  return JSON.stringify({
    format: 'grid-canvass-unsent-1',
    written_at: new Date().toISOString(),
    app_version: __APP_VERSION__,
    visits: visits.map(({ body, state, result }) => ({ ...body, state, result })),
    photos,
    drafts: await allDrafts(),
  })
}
