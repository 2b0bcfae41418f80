/** When to send and fetch: at start, when the network comes back, after a save, every minute. */
import { newId } from '../ids'
import { changed } from '../store/channel'
import { currentEnrolment, wipeFinished } from '../store/enrolments'
import { isPractice } from '../store/db'
import { withLease } from '../store/lease'
import { keepBallast } from '../store/room'
import { sealWhatIsClear } from '../store/sealing'
import { forgetOldAnswers } from '../store/visits'
import { NoAnswer, Refused } from './client'
import { pullChanges } from './pull'
import { pushPhotos, pushVisits } from './push'
import { pushSuggestions } from './suggestions'

export const EVERY_MS = 60_000
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 15 * 60_000
const LONGEST_ASKED_MS = 60 * 60_000

/** Doubles from 5 s to 15 min, spread by half, so that a village of phones does not knock in step. */
export function waitAfter(failures: number, chance: number = Math.random()): number {
  const full = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS)
  return full / 2 + (full / 2) * chance
}

export type Trouble = 'none' | 'no-answer' | 'refused'

export interface Progress {
  running: boolean
  trouble: Trouble
  detail: string
}

export const progress: Progress = { running: false, trouble: 'none', detail: '' }

const tab = newId()
let failures = 0
let quietUntil = 0
let restTimer: ReturnType<typeof setTimeout> | undefined
/** Until then the server asked to be left alone; nobody's pressing shortens that. */
let askedUntil = 0
let askedTimer: ReturnType<typeof setTimeout> | undefined
let again = false
let pressing = false

function tell(change: Partial<Progress>): void {
  Object.assign(progress, change)
  changed()
}

/** Pictures come last and fetching is tried even when sending failed: each helps without the other. */
async function exchange(renew: () => Promise<boolean>): Promise<void> {
  const steps = [
    () => pushVisits(renew),
    async () => {
      const enrolment = await currentEnrolment()
      if (enrolment) await pullChanges(enrolment)
    },
    pushSuggestions,
    () => pushPhotos(renew),
  ]
  let failure: unknown = null
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      failure ??= error
      if (error instanceof NoAnswer || asksToWait(error)) break
    }
  }
  if (failure) throw failure
}

function asksToWait(error: unknown): error is Refused {
  return error instanceof Refused && error.retryAfter > 0
}

/** A wait told before the phone's clock was put back must not last for hours. */
function isAskedToWait(): boolean {
  const left = askedUntil - Date.now()
  return left > 0 && left <= LONGEST_ASKED_MS
}

function waitAsAsked(wait: number): void {
  askedUntil = Date.now() + wait
  clearTimeout(askedTimer)
  askedTimer = setTimeout(() => void synchronise(true), wait + 50)
}

/** Tries again as soon as the rest is over: a picture cut off goes on in seconds, not at the next full minute. */
function rest(wait: number): void {
  quietUntil = Date.now() + wait
  clearTimeout(restTimer)
  restTimer = setTimeout(() => void synchronise(), wait + 50)
}

function noteFailure(error: unknown): void {
  failures += 1
  rest(waitAfter(failures))
  if (asksToWait(error)) waitAsAsked(error.retryAfter)
  const trouble: Trouble = error instanceof Refused ? 'refused' : 'no-answer'
  const known = error instanceof Refused || error instanceof NoAnswer
  if (!known) console.error(error)
  tell({ trouble, detail: error instanceof Refused ? error.message : '' })
}

/** A rest longer than the longest was begun under a wrong clock. */
function isResting(): boolean {
  const left = quietUntil - Date.now()
  return left > 0 && left <= LONGEST_WAIT_MS
}

async function round(): Promise<void> {
  try {
    const ran = await withLease('exchange', tab, exchange)
    if (ran) await wipeFinished()
    failures = quietUntil = askedUntil = 0
    tell({ trouble: 'none', detail: '' })
  } catch (error) {
    noteFailure(error)
  }
}

/**
 * Sends and fetches once. `now` skips the waiting time (the person asked, or the network came back).
 * A call during a running exchange makes one more follow, so that nothing saved meanwhile is missed. If it was
 * pressing, also after a failure: the network may have come back while the last try was still dying without it.
 */
export async function synchronise(now = false): Promise<void> {
  if (isPractice()) return
  if (progress.running) {
    again = true
    pressing ||= now
    return
  }
  if (isAskedToWait() || (!now && isResting())) return
  tell({ running: true })
  try {
    do {
      again = pressing = false
      await round()
    } while (again && !isAskedToWait() && (pressing || progress.trouble === 'none'))
  } finally {
    tell({ running: false })
  }
}

/** Whatever goes wrong here waits for the next start; sending must not wait for it. */
async function tidy(): Promise<void> {
  try {
    await sealWhatIsClear()
    await forgetOldAnswers(Date.now())
    await keepBallast()
  } catch (error) {
    console.error(error)
  }
}

/** Starts the engine; answers a function that stops it. */
export function startEngine(): () => void {
  const wake = (): void => void synchronise(true)
  const seen = (): void => void (document.visibilityState === 'visible' && synchronise())
  const timer = setInterval(() => void synchronise(), EVERY_MS)
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', seen)
  void tidy().finally(() => synchronise(true))
  return () => {
    clearInterval(timer)
    removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', seen)
  }
}
