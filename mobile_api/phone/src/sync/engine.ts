/**
 * When to send and fetch: at start, when the network or the person comes back, after a save; now and then while the
 * app is looked at. A page nobody sees asks for no news; it only goes on trying to send what waits.
 */
import { newId } from '../ids'
import { changed } from '../store/channel'
import { currentEnrolment, wipeFinished } from '../store/enrolments'
import { isPractice } from '../store/db'
import { withLease } from '../store/lease'
import { keepBallast } from '../store/room'
import { sealWhatIsClear } from '../store/sealing'
import { forgetOldAnswers } from '../store/visits'
import { healFalseRefusals, isAnythingWaiting } from './again'
import { NoAnswer, Refused, type Way } from './client'
import { EVERY_MS, LONGEST_ASKED_MS, LONGEST_WAIT_MS, pollAfter, spreadOf, waitAfter } from './pace'
import { askWhetherRevoked, pullChanges } from './pull'
import { refreshPool } from './pool'
import { pushPhotos, pushVisits } from './push'
import { pushSuggestions } from './suggestions'

/** `later`: the server takes it another time; `no-room`: it has no room for pictures, all else goes on. */
/** No room on the server's disk, or this phone's pictures of the day are used up: the rest goes on. */
const PICTURES_LATER: ReadonlySet<string> = new Set(['no-room', 'photo-allowance'])
export type Trouble = 'none' | Way | 'later' | 'no-room'

export interface Progress {
  running: boolean
  trouble: Trouble
}

export const progress: Progress = { running: false, trouble: 'none' }

const tab = newId()
let failures = 0
let quietUntil = 0
let restTimer: ReturnType<typeof setTimeout> | undefined
/** Until then the server asked to be left alone; nobody's pressing shortens that. */
let askedUntil = 0
let askedTimer: ReturnType<typeof setTimeout> | undefined
/** Until then the server has no room for pictures. */
let picturesUntil = 0
let again = false
let pressing = false

function tell(change: Partial<Progress>): void {
  Object.assign(progress, change)
  changed()
}

/** A wait told before the phone's clock was put back must not last for hours. */
function isBefore(until: number, longest: number): boolean {
  const left = until - Date.now()
  return left > 0 && left <= longest
}

/** A disk that is full takes no picture; visits and news go on meanwhile. */
const PICTURES_REST_MS = 10 * 60_000

async function pushPictures(renew: () => Promise<boolean>): Promise<void> {
  if (isBefore(picturesUntil, LONGEST_ASKED_MS)) return
  try {
    await pushPhotos(renew)
    picturesUntil = 0
  } catch (error) {
    if (!(error instanceof Refused) || !PICTURES_LATER.has(error.code)) throw error
    const wait = error.retryAfter || PICTURES_REST_MS
    picturesUntil = Date.now() + wait + spreadOf(wait)
  }
}

/** Pictures come last and fetching is tried even when sending failed: each helps without the other. */
async function exchange(renew: () => Promise<boolean>): Promise<void> {
  const steps = [
    healFalseRefusals,
    () => pushVisits(renew),
    async () => {
      const enrolment = await currentEnrolment()
      if (enrolment) await pullChanges(enrolment)
    },
    () => pushSuggestions(renew),
    () => pushPictures(renew),
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

function waitAsAsked(wait: number): void {
  const whole = wait + spreadOf(wait)
  askedUntil = Date.now() + whole
  clearTimeout(askedTimer)
  askedTimer = setTimeout(() => void inTurn(true), whole + 50)
}

/** How soon to look again while another page of the app is exchanging. */
const OTHER_PAGE_MS = 1_000

/** Tries again as soon as the rest is over: a picture cut off goes on in seconds, not at the next full minute. */
function rest(wait: number): void {
  quietUntil = Date.now() + wait
  clearTimeout(restTimer)
  restTimer = setTimeout(() => void inTurn(), wait + 50)
}

/** What a timer asks for: nothing while nobody looks and nothing waits. */
async function inTurn(now = false): Promise<void> {
  if (globalThis.document?.visibilityState === 'hidden' && !(await isAnythingWaiting())) return
  await synchronise(now)
}

function noteFailure(error: unknown): void {
  failures += 1
  // Who answers in the server's place may ask for a rest as well, but is not believed for longer than we rest ourselves.
  const asked = error instanceof NoAnswer ? Math.min(error.retryAfter, LONGEST_WAIT_MS / 2) : 0
  rest(Math.max(waitAfter(failures), asked + spreadOf(asked)))
  if (asksToWait(error)) waitAsAsked(error.retryAfter)
  if (error instanceof NoAnswer) return tell({ trouble: error.way })
  if (!(error instanceof Refused)) console.error(error)
  tell({ trouble: 'later' })
}

async function round(): Promise<void> {
  try {
    const ran = await withLease('exchange', tab, exchange)
    // The other page may be past what is wished for here, or have been closed in the middle: look again soon.
    if (!ran) return rest(OTHER_PAGE_MS)
    await wipeFinished()
    failures = quietUntil = askedUntil = 0
    tell({ trouble: isBefore(picturesUntil, LONGEST_ASKED_MS) ? 'no-room' : 'none' })
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
  if (isBefore(askedUntil, LONGEST_ASKED_MS) || (!now && isBefore(quietUntil, LONGEST_WAIT_MS))) return
  tell({ running: true })
  try {
    do {
      again = pressing = false
      await round()
    } while (again && !isBefore(askedUntil, LONGEST_ASKED_MS) && (pressing || progress.trouble === 'none'))
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

async function begin(): Promise<void> {
  await tidy()
  await synchronise(true)
  const enrolment = await currentEnrolment()
  if (enrolment) await askWhetherRevoked(enrolment).catch(() => undefined)
  await refreshPool()
}

/** Several events tell of one return: the first counts. */
const ONE_RETURN_MS = 2_000
const TOUCHES = ['pointerdown', 'keydown'] as const

/** Starts the engine; answers a function that stops it. */
export function startEngine(): () => void {
  let touched = performance.now()
  let returned = -Infinity
  let poll: ReturnType<typeof setTimeout> | undefined
  let due = 0

  const plan = (): void => {
    const wait = pollAfter(performance.now() - touched)
    due = performance.now() + wait
    clearTimeout(poll)
    poll = setTimeout(() => void inTurn().finally(plan), wait)
  }
  const touch = (): void => {
    touched = performance.now()
    if (due - touched > EVERY_MS) plan()
  }
  const back = (): void => {
    if (document.visibilityState === 'hidden' || performance.now() - returned < ONE_RETURN_MS) return
    returned = touched = performance.now()
    plan()
    void synchronise(true)
  }
  const connected = (): void => void synchronise(true).then(() => refreshPool())
  const cutOff = (): void => tell({ trouble: 'offline' })

  const heard: [EventTarget, string, () => void][] = [
    [window, 'online', connected],
    [window, 'offline', cutOff],
    [window, 'focus', back],
    [window, 'pageshow', back],
    [document, 'visibilitychange', back],
    ...TOUCHES.map((name): [EventTarget, string, () => void] => [window, name, touch]),
  ]
  for (const [target, name, listener] of heard) target.addEventListener(name, listener, { passive: true })
  returned = performance.now()
  void begin()
  plan()
  return () => {
    clearTimeout(poll)
    for (const [target, name, listener] of heard) target.removeEventListener(name, listener)
  }
}
