/** The shapes spoken with the server under /api/v1/, and those kept on the phone. */

export type Outcome = 'done' | 'refused' | 'closed' | 'moved' | 'not_found' | 'nobody_in' | 'not_a_subject'
export interface Position {
  lng: number
  lat: number
  accuracy: number
}

/** One item of a repeat: its own questions and their answers. */
export interface Item {
  [name: string]: Value
}

/**
 * An answer. Numbers that cannot be read stay text; a repeat is a list of items; a picture or a signature is
 * the fingerprint of its file, or a list of them.
 */
export type Value = string | number | string[] | Position | Item[] | null
export type Values = Record<string, Value>

export interface Prefill {
  value: Value
  source: string
  as_of: string
}

/** The visit the desk asks about, whoever made it; the answer replaces it. */
export interface Former {
  client_id: string
  by: string
  recorded_at: string
  outcome: Outcome
  answers: Values
}

export interface Returned {
  question_text: string
  questions: string[]
  by: string
  at: string
  former?: Former | null
}

export interface Subject {
  id: number
  kind: string
  kind_label: string
  name: string
  credit_code: string
  address: string
  industry: string
  /** Pinyin initials of the name in lower case, made on the server. */
  initials?: string
}

export interface Premise {
  code: string
  label: string
  lng: number | null
  lat: number | null
}

export interface Door {
  task_id: number
  state: 'open' | 'returned' | 'done'
  due_on: string | null
  overdue: boolean
  why: string
  round: { code: string; title: string } | null
  subject: Subject
  premise: Premise | null
  area: string
  area_name: string
  form: string
  prefill: Record<string, Prefill>
  returned: Returned | null
  notices?: Notice[]
  /** The day somebody said to come again, as the server holds it. */
  come_again_on?: string | null
  /** Its round ends in a few days: the worker is reminded of it. */
  reminded?: boolean
}

export interface Choice {
  name: string
  label: string
}

export type QuestionType =
  | 'select_one'
  | 'select_multiple'
  | 'integer'
  | 'decimal'
  | 'text'
  | 'date'
  | 'time'
  | 'photo'
  | 'signature'
  | 'position'
  | 'note'
  | 'calculate'
  | 'repeat'

export interface Question {
  name: string
  type: QuestionType
  label: string
  hint?: string
  required?: boolean | string
  required_message?: string
  relevant?: string | null
  constraint?: string | null
  constraint_message?: string
  choices?: Choice[]
  calculation?: string | null
  /** A repeat's own questions; at least `min` and at most `max` items, or as many as `count` reckons. */
  questions?: Question[]
  min?: number | null
  max?: number | null
  count?: string | null
}

export interface Form {
  code: string
  version: string | number
  title: string
  questions: Question[]
  /** Whether the visit's own position is asked for when it is saved. */
  position?: 'never' | 'once'
  kinds?: string[]
  /** The outcomes this kind of door can have; all when there are none. */
  outcomes?: Choice[]
}

/** What outcomes ask for, as the law has it today: the same questions for all of `forms`. */
export interface OutcomeTable {
  version: string
  groups: { forms: string[]; questions: Question[] }[]
}

export interface Grid {
  code: string
  name: string
  outline: unknown
}

export interface Changes {
  /** Opaque: kept and given back as it came. */
  cursor: string | number
  /** The answer starts over: doors the phone holds from before count no more. */
  fresh?: boolean
  more: boolean
  server_time: string
  doors: Door[]
  gone: number[]
  forms?: Form[]
  grids?: Grid[]
  /** The postings whose doors these are, when they are not those the phone knew. */
  postings?: Posting[]
  suggestions?: SuggestionNews[]
  /** Weekends and holidays of the coming weeks, in order; sent when the phone starts over or gets new forms. */
  days_off?: string[]
  /** Sent when it is not the one the phone has. */
  outcomes?: OutcomeTable | null
}

export interface VisitBody {
  client_id: string
  task_id: number | null
  subject_id: number | null
  premise_code: string | null
  form: string
  form_version: string | number
  outcome: Outcome
  answers: Values
  recorded_at: string
  position: Position | null
  photos: { sha256: string; size: number; kind: string; question?: string }[]
  replaces: string | null
  /** What the form stood at when it was opened, of the questions asked: tells a correction from ignorance. */
  shown?: Values
  /** Only with nobody_in: the day to come again. */
  come_again_on?: string | null
  /** Only for a unit no list knows. */
  unlisted?: Unlisted | null
  /** Only where nobody knew it: the grid the door lies in. */
  grid?: string
}

export interface VisitResult {
  client_id: string
  status: 'accepted' | 'repeated' | 'refused'
  route: string
  code: string
  message: string
  visit: string
  missing_photos: string[]
}

export interface Posting {
  id: number
  role: string
  area: string
  area_name: string
}

/** One enrolment serves every posting of its person: `posting` is the one whose code was shown. */
export interface Enrolment {
  id: string
  token: string
  person: { name: string }
  posting: Posting
  /** All of them that are in force; an enrolment of an older version knows only its own. */
  postings?: Posting[]
  label: string
  enrolled_at: string
  state: 'active' | 'revoked' | 'unknown'
}

/** A door as the form needs it; `task_id` and `subject` are missing for a unit found on the street. */
export interface Target {
  task_id: number | null
  subject: Subject | null
  premise: Premise | null
  area_name: string
  form: string
  why: string
  due_on: string | null
  prefill: Record<string, Prefill>
  returned: Returned | null
  /** What was written down before the form of a unit nobody's list knows. */
  unlisted?: Unlisted | null
  /** Where it lies as far as that is known; without all of a grid's code the person says the rest. */
  area?: string
}

/** A subject that waits for a grid; `area` is as far as it is known where. */
export interface PoolRow {
  subject_id: number
  name: string
  initials: string
  credit_code: string
  address: string
  kind: string
  area: string
}

/** A claim that was sent back, by the number of its visit. */
export interface RefusedClaim {
  client_id: string
  name: string
  words: string
}

export interface PoolAnswer {
  buckets: { number: number; print: string; rows: PoolRow[] }[]
  more: boolean
  grids: { code: string; name: string }[]
  refused: RefusedClaim[]
}

/** A unit found on the street, as the worker describes it. */
export interface Unlisted {
  name: string
  credit_code: string
  address: string
  kind: string
  lng: number | null
  lat: number | null
}

/** What a lookup finds alike; `same` says in what. */
export interface Candidate {
  subject_id: number | null
  name: string
  credit_code: string
  address: string
  area_name: string
  same: ('name' | 'code' | 'address')[]
}

/** What the phone itself knows of a door since the server last spoke of it. */
export interface LocalMark {
  client_id: string
  outcome: Outcome
  saved_at: string
  /** A day, or a day with a time: when the person means to come again. */
  come_again_on?: string | null
}

export interface StoredDoor extends Door {
  mark?: LocalMark
}

export interface Draft {
  key: string
  target: Target
  outcome: Outcome
  values: Values
  confirmed: string[]
  touched_at: string
}

/** What somebody on the way keeps from the server: tried again by itself, more and more seldom. */
export interface Held {
  times: number
  until: number
  /** What was answered in the server's place; 0 for nothing. */
  status: number
}

export type VisitState = 'waiting' | 'sent' | 'refused' | 'corrected'

export interface StoredVisit {
  client_id: string
  enrolment: string
  order: number
  state: VisitState
  body: VisitBody
  target: Target
  hold_until: number
  result: VisitResult | null
  sent_at: string | null
  held?: Held
}

export interface StoredPhoto {
  id: string
  owner: string
  question: string
  sha256: string
  size: number
  kind: string
  state: 'kept' | 'waiting' | 'sent' | 'refused'
  upload: string
  offset: number
  wrong: number
  reason: string
  /** Under which of the server's codes it was refused. */
  code?: string
  held?: Held
}

/** A document issued to a subject whose service is asked of the grid worker. */
export interface Notice {
  number: string
  kind: string
  kind_label: string
  title: string
  /** Plain lines of the document. */
  text: string | string[]
  issued_on: string
  /** Its address for checking, /v/<code>. */
  url: string
  case: string
  ways: string[]
}

/** 意见建议 as the phone keeps it. */
export interface StoredSuggestion {
  client_id: string
  enrolment: string
  text: string
  task_id: number | null
  about: string
  written_at: string
  state: 'waiting' | 'sent' | 'refused'
  message: string
  /** Under which of the server's codes it was refused. */
  code?: string
  held?: Held
  answer: { text: string; by: string; at: string } | null
  /** False while the desk's answer has not been looked at. */
  seen: boolean
}

/** What the server says in `changes` of the person's suggestions. */
export interface SuggestionNews {
  client_id: string
  text: string
  state: 'open' | 'answered'
  answer?: string | null
  by?: string | null
  at?: string | null
}

export interface SuggestionResult {
  client_id: string
  status: 'accepted' | 'repeated' | 'refused'
  code: string
  message: string
}
