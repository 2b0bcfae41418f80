/** Handing in: visits in batches, then the pictures the server still wants. */
import { changed } from '../store/channel'
import { setFact } from '../store/db'
import { enrolmentOf, markEnrolment } from '../store/enrolments'
import { changePhoto, holdPhoto, markPhotoSent, photosToSend, pictureOf, sha256 } from '../store/photos'
import { holdVisit, takeResults, waitingVisits } from '../store/visits'
import type { Enrolment, StoredPhoto, StoredVisit, VisitResult } from '../types'
import { type Kind, Passage, saidOf, sendInBatches } from './batches'
import { NoAnswer, Refused, ask } from './client'
import { isItemCode } from './refusals'
import { isPushed } from './shapes'
import { sendUpload } from './tus'

export { BATCH } from './batches'

export async function noteServerTime(serverTime: string): Promise<void> {
  const drift = Date.parse(serverTime) - Date.now()
  if (Number.isFinite(drift)) await setFact('drift', drift)
}

async function post(visits: StoredVisit[], token: string): Promise<StoredVisit[]> {
  const json = { visits: visits.map((visit) => visit.body), phone_time: new Date().toISOString() }
  const answer = await ask('visits', isPushed, { method: 'POST', token, json })
  await noteServerTime(answer.server_time)
  const isUnderstood = ({ status, code }: VisitResult): boolean => status !== 'refused' || isItemCode('POST visits', code)
  const [said, unsaid] = saidOf(visits, answer.results, isUnderstood)
  await takeResults(said, new Date().toISOString())
  return unsaid
}

async function refuse({ client_id }: StoredVisit, { code, message }: Refused): Promise<void> {
  const refused: VisitResult = { client_id, status: 'refused', route: 'normal', code, message, visit: '', missing_photos: [] }
  await takeResults([refused], new Date().toISOString())
}

const VISITS: Kind<StoredVisit> = { post, refuse, hold: holdVisit }

/** Notes a token the server no longer takes, and answers whether it was that; the outbox stays as it is. */
export async function noteRefusedToken(error: unknown, enrolment: Enrolment): Promise<boolean> {
  if (!(error instanceof Refused) || !error.isOfPhone) return false
  await markEnrolment(enrolment.id, error.code === 'device-unknown' ? 'unknown' : 'revoked')
  changed()
  return true
}

/** The server takes a token that it was thought not to know. A revoked one it takes for handing in, and stays revoked. */
export async function noteGoodToken({ id, state }: Enrolment): Promise<void> {
  if (state !== 'unknown') return
  await markEnrolment(id, 'active')
  changed()
}

/** Sends every waiting visit. One enrolment that fails does not keep another from sending. */
export async function pushVisits(renew: () => Promise<boolean>): Promise<void> {
  let failure: unknown = null
  for (const [id, visits] of await waitingVisits(Date.now())) {
    const enrolment = await enrolmentOf(id)
    if (!enrolment?.token) continue
    try {
      await sendInBatches(visits, enrolment.token, VISITS, renew)
      await noteGoodToken(enrolment)
    } catch (error) {
      await noteRefusedToken(error, enrolment)
      failure = error
    }
  }
  if (failure) throw failure
}

/** Sends one picture as far as it goes, and writes down how far that was. */
async function sendPhoto(photo: StoredPhoto, bytes: ArrayBuffer, token: string): Promise<void> {
  const { owner, kind } = photo
  const metadata = { visit: owner, sha256: photo.sha256, kind, filetype: 'image/jpeg' }
  const progress = async (upload: string, offset: number): Promise<void> => {
    photo.offset = offset
    await changePhoto(photo.id, { upload, offset })
    changed()
  }
  try {
    await sendUpload({ token, bytes, metadata, address: photo.upload, progress })
    await markPhotoSent(photo.id)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await takePhotoRefusal(photo, bytes, error)
  }
  changed()
}

/** A wrong hash means the way spoilt it: once more from the start. Anything else final is told to the person. */
async function takePhotoRefusal(photo: StoredPhoto, bytes: ArrayBuffer, error: Refused): Promise<void> {
  const { code, message } = error
  const anew = { upload: '', offset: 0 }
  if (code === 'not-here') await changePhoto(photo.id, anew)
  if (!error.isFinal) throw error
  const spoiltOnTheWay = code === 'photo-hash-wrong' && photo.wrong < 2 && (await sha256(bytes)) === photo.sha256
  if (spoiltOnTheWay) {
    await changePhoto(photo.id, { ...anew, wrong: photo.wrong + 1 })
    throw new NoAnswer('photo spoilt on the way')
  }
  await changePhoto(photo.id, { ...anew, state: 'refused', reason: message, code, held: undefined })
}

/** One picture of which nothing gets through though the way is open is held back; the others go on. */
async function sendOrHold(photo: StoredPhoto, bytes: ArrayBuffer, token: string, passage: Passage): Promise<void> {
  const before = photo.offset
  try {
    await sendPhoto(photo, bytes, token)
    passage.passed()
  } catch (error) {
    if (photo.offset > before) throw error
    const rests = await holdPhoto(photo, await passage.stopperOf(error))
    passage.held(error, rests)
  }
}

/** Sends the pictures of visits the server has taken; the first lost connection ends the round. */
export async function pushPhotos(renew: () => Promise<boolean>): Promise<void> {
  let failure: unknown = null
  for (const [id, photos] of await photosToSend()) {
    const enrolment = await enrolmentOf(id)
    if (!enrolment?.token) continue
    const passage = new Passage(enrolment.token)
    try {
      for (const photo of photos) {
        const bytes = await pictureOf(photo.id)
        if (bytes) await sendOrHold(photo, bytes, enrolment.token, passage)
        if (!(await renew())) return
      }
    } catch (error) {
      if (!(await noteRefusedToken(error, enrolment))) throw error
      failure = error
    }
  }
  if (failure) throw failure
}
