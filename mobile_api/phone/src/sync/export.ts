/** The last resort: everything not handed in yet as one file a supervisor can take by cable. */
import { allDrafts } from '../store/drafts'
import { allPhotos, pictureOf } from '../store/photos'
import { allSuggestions } from '../store/suggestions'
import { allVisits } from '../store/visits'

function base64Of(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes)
  let text = ''
  for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000))
  return btoa(text)
}

/** What a picture may be called when somebody takes it out of the file: whose door, which question, which picture. */
function fileName(name = '', question: string, sha256: string): string {
  const said = [name, question, sha256.slice(0, 8)].filter(Boolean).join('-')
  return `${said.replace(/[\\/:*?"<>|\s]/g, '')}.jpg`
}

/** JSON text: visits as they would be sent, their pictures in base64, suggestions and drafts. No token is in it. */
export async function exportUnsent(): Promise<string> {
  const all = await allVisits()
  const visits = all.filter((visit) => visit.state === 'waiting' || visit.state === 'refused')
  const names = new Map(all.map(({ client_id, target, body }) => [client_id, target.subject?.name ?? body.unlisted?.name ?? '']))
  const photos = []
  for (const { id, owner, question, sha256, size, kind } of await allPhotos()) {
    const bytes = await pictureOf(id)
    if (bytes) photos.push({ visit: owner, question, file: fileName(names.get(owner), question, sha256), sha256, size, kind, jpeg: base64Of(bytes) })
  }
  return JSON.stringify({
    format: 'grid-canvass-unsent-1',
    written_at: new Date().toISOString(),
    app_version: __APP_VERSION__,
    visits: visits.map(({ body, state, result }) => ({ ...body, state, result })),
    photos,
    suggestions: (await allSuggestions())
      .filter(({ state }) => state !== 'sent')
      .map(({ client_id, text, task_id, written_at }) => ({ client_id, text, task_id, written_at })),
    drafts: await allDrafts(),
  })
}
