/**
 * What was refused goes back into the outbox: by itself where the refusal was not our server's (an app before this one
 * took any page for one), and everything when the person says so.
 */
import { changed } from '../store/channel'
import { database } from '../store/db'
import { allPhotos, photoAgain, refusedPhotos } from '../store/photos'
import { allSuggestions, refusedSuggestions, suggestAgain } from '../store/suggestions'
import { allVisits, refusedVisits, tryAgain } from '../store/visits'
import { mayStandRefused } from './refusals'

const UPLOADS = ['POST uploads', 'PATCH uploads']

/** Puts back what stands refused without a code of ours. What is sealed under a PIN not given yet is left for later. */
export async function healFalseRefusals(): Promise<void> {
  for (const { client_id, result } of await refusedVisits()) {
    if (!mayStandRefused('POST visits', result?.code ?? '')) await tryAgain(client_id)
  }
  for (const photo of await refusedPhotos()) {
    if (!UPLOADS.some((address) => mayStandRefused(address, photo.code ?? ''))) await photoAgain(photo)
  }
  for (const { client_id, code } of await refusedSuggestions()) {
    if (!mayStandRefused('POST suggestions', code ?? '')) await suggestAgain(client_id)
  }
}

/** 全部再送一次: what was refused, and what is held back because somebody on the way keeps it from the server. */
export async function putAllBack(): Promise<void> {
  for (const { client_id, state, held } of await allVisits()) if (state === 'refused' || held) await tryAgain(client_id)
  for (const photo of await allPhotos()) if (photo.state === 'refused' || photo.held) await photoAgain(photo)
  for (const { client_id, state, held } of await allSuggestions()) if (state === 'refused' || held) await suggestAgain(client_id)
  changed()
}

/** Whether anything on this phone waits to be sent. Needs no key. */
export async function isAnythingWaiting(): Promise<boolean> {
  const db = await database()
  const [visits, photos] = await Promise.all([
    db.countFromIndex('visits', 'state', 'waiting'),
    db.countFromIndex('photos', 'state', 'waiting'),
  ])
  return visits + photos > 0 || (await db.getAll('suggestions')).some(({ state }) => state === 'waiting')
}
