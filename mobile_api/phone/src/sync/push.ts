/** Handing in: visits in batches, then the pictures the server still wants. */
import { changed } from '../store/channel'
import { setFact } from '../store/db'
import { enrolmentOf, markEnrolment } from '../store/enrolments'
import { changePhoto, markPhotoSent, photosToSend, pictureOf, sha256 } from '../store/photos'
import { takeResults, waitingVisits } from '../store/visits'
import type { Enrolment, StoredPhoto, StoredVisit, VisitResult } from '../types'
import { NoAnswer, Refused, ask } from './client'
import { sendUpload } from './tus'

export const BATCH = 50

interface Answer {
  server_time: string
  results: VisitResult[]
}

export async function noteServerTime(serverTime: string): Promise<void> {
  const drift = Date.parse(serverTime) - Date.now()
  if (Number.isFinite(drift)) await setFact('drift', drift)
}

async function post(visits: StoredVisit[], token: string): Promise<VisitResult[]> {
  const json = { visits: visits.map((visit) => visit.body), phone_time: new Date().toISOString() }
  const answer = await ask<Answer>('visits', { method: 'POST', token, json })
  await noteServerTime(answer.server_time)
  return answer.results
}

function refusedAs(visit: StoredVisit, error: Refused): VisitResult {
  const { message } = error
  const route = 'normal'
  return { client_id: visit.client_id, status: 'refused', route, code: error.code, message, visit: '', missing_photos: [] }
}

/**
 * Sends one batch. If the server refuses the batch as a whole, it is halved until the one visit it
 * cannot read stands alone, so that a single bad one never holds up the others.
 */
async function sendBatch(visits: StoredVisit[], token: string): Promise<void> {
  try {
    await takeResults(await post(visits, token), new Date().toISOString())
  } catch (error) {
    if (!(error instanceof Refused) || error.passing) throw error
    if (visits.length === 1) {
      await takeResults([refusedAs(visits[0], error)], new Date().toISOString())
      return
    }
    const middle = Math.ceil(visits.length / 2)
    await sendBatch(visits.slice(0, middle), token)
    await sendBatch(visits.slice(middle), token)
  }
}

/** Notes a token the server no longer takes, and answers whether it was that; the outbox stays as it is. */
export async function noteRefusedToken(error: unknown, enrolment: Enrolment): Promise<boolean> {
  if (!(error instanceof Refused) || error.status !== 401) return false
  await markEnrolment(enrolment.id, error.code === 'device-revoked' ? 'revoked' : 'unknown')
  changed()
  return true
}

async function pushFor(enrolment: Enrolment, visits: StoredVisit[], renew: () => Promise<boolean>): Promise<void> {
  for (let at = 0; at < visits.length; at += BATCH) {
    await sendBatch(visits.slice(at, at + BATCH), enrolment.token)
    if (!(await renew())) throw new NoAnswer('another tab is sending')
  }
}

/** Sends every waiting visit. One enrolment that fails does not keep another from sending. */
export async function pushVisits(renew: () => Promise<boolean>): Promise<void> {
  let failure: unknown = null
  for (const [id, visits] of await waitingVisits(Date.now())) {
    const enrolment = await enrolmentOf(id)
    if (!enrolment?.token) continue
    try {
      await pushFor(enrolment, visits, renew)
    } catch (error) {
      await noteRefusedToken(error, enrolment)
      failure = error
    }
  }
  if (failure) throw failure
}

async function sendPhoto(photo: StoredPhoto, bytes: ArrayBuffer, token: string): Promise<void> {
  const { owner, kind } = photo
  const metadata = { visit: owner, sha256: photo.sha256, kind, filetype: 'image/jpeg' }
  const progress = async (upload: string, offset: number): Promise<void> => {
    await changePhoto(photo.id, { upload, offset })
    changed()
  }
  try {
    await sendUpload({ token, bytes, metadata, address: photo.upload, progress })
    await markPhotoSent(photo.id)
  } catch (error) {
    if (!(error instanceof Refused) || error.passing) throw error
    await takePhotoRefusal(photo, bytes, error)
  }
  changed()
}

/** A wrong hash means the way spoilt it: once more from the start. Anything else is told to the person. */
async function takePhotoRefusal(photo: StoredPhoto, bytes: ArrayBuffer, error: Refused): Promise<void> {
  const reason = error.message
  const spoiltOnTheWay = error.status === 460 && photo.wrong < 2 && (await sha256(bytes)) === photo.sha256
  if (spoiltOnTheWay) {
    await changePhoto(photo.id, { upload: '', offset: 0, wrong: photo.wrong + 1 })
    throw new NoAnswer('photo spoilt on the way')
  }
  await changePhoto(photo.id, { state: 'refused', upload: '', offset: 0, reason })
}

/** Sends the pictures of visits the server has taken; the first lost connection ends the round. */
export async function pushPhotos(renew: () => Promise<boolean>): Promise<void> {
  for (const { photo, enrolment: id } of await photosToSend()) {
    const enrolment = await enrolmentOf(id)
    const bytes = enrolment?.token ? await pictureOf(photo.id) : undefined
    if (!enrolment || !bytes) continue
    await sendPhoto(photo, bytes, enrolment.token)
    if (!(await renew())) return
  }
}
