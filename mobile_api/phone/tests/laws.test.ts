/**
 * Whatever happens in whatever order (saves, sends, lost questions, lost answers, kills, restarts, two tabs, two
 * people, a clock that jumps), the server ends up with every saved visit exactly once, under the name it was saved.
 */
import fc from 'fast-check'
import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { door, employerForm, phone } from './cast'
import { accepted, json, problem, serve } from './server'
import type { Enrolment, VisitBody } from '../src/types'

const people = [
  { person: { name: '张网格' }, posting: { ...phone.posting, id: 5 } },
  { person: { name: '王网格' }, posting: { ...phone.posting, id: 6 } },
]

/** Every enrolment has an id and a token of its own, also when the same person enrols anew. */
function enrolled(who: number, number: number): Enrolment {
  return { ...phone, ...people[who], id: `phone-${number}`, token: `token-${number}` }
}

/** The app's modules as one tab has them: its own memory, the same database. */
async function openTab() {
  vi.resetModules()
  const [db, drafts, doors, enrolments, visits, engine, push, vault] = await Promise.all([
    import('../src/store/db'), import('../src/store/drafts'), import('../src/store/doors'), import('../src/store/enrolments'),
    import('../src/store/visits'), import('../src/sync/engine'), import('../src/sync/push'), import('../src/store/vault'),
  ])
  return { ...db, ...drafts, ...doors, ...enrolments, ...visits, ...engine, ...push, ...vault }
}
type Tab = Awaited<ReturnType<typeof openTab>>

type Weather = 'good' | 'question-lost' | 'answer-lost' | 'busy' | 'broken' | 'half' | 'never-answers' | 'takes-and-never-answers'

/** The server's memory: what it took, under which token; it takes a visit once and says so afterwards. */
class Server {
  taken = new Map<string, { token: string; text: string }>()
  wrongs: string[] = []
  weather: Weather = 'good'

  start(): void {
    serve((request, path) => this.answer(request, path))
  }

  private async answer(request: Request, path: string): Promise<Response> {
    const { weather } = this
    if (weather === 'question-lost') throw new TypeError('Failed to fetch')
    if (weather === 'never-answers') return new Promise(() => undefined)
    if (weather === 'busy') return problem(429, 'too-many-requests', '', { 'Retry-After': '30' })
    if (weather === 'broken') return new Response('<html>', { status: 502 })
    const answer = path.startsWith('visits') ? await this.take(request, weather === 'half') : this.changes()
    if (weather === 'takes-and-never-answers') return new Promise(() => undefined)
    if (weather === 'answer-lost') throw new TypeError('answer lost')
    return answer
  }

  private changes(): Response {
    return json({ cursor: 1, more: false, fresh: false, server_time: new Date().toISOString(), doors: [], gone: [] })
  }

  private async take(request: Request, half: boolean): Promise<Response> {
    const token = (request.headers.get('Authorization') ?? '').replace('Bearer ', '')
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    const some = half ? visits.filter((_, at) => at % 2 === 0) : visits
    const results = some.map((visit) => {
      const text = JSON.stringify(visit)
      const before = this.taken.get(visit.client_id)
      if (before && (before.text !== text || before.token !== token)) this.wrongs.push(`${before.text} ${text}`)
      this.taken.set(visit.client_id, before ?? { token, text })
      return { ...accepted(visit), status: before ? 'repeated' : 'accepted' }
    })
    return json({ server_time: new Date().toISOString(), results })
  }
}

const weather = fc.constantFrom<Weather>('good', 'question-lost', 'answer-lost', 'busy', 'broken', 'half')
const task = fc.integer({ min: 1, max: 4 })
const tab = fc.integer({ min: 0, max: 1 })
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('save' as const), tab, task }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('type' as const), tab, task, text: fc.string({ maxLength: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('type-and-save' as const), tab, task, text: fc.string({ maxLength: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), tab, weather }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send-in-both' as const), weather }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('save-while-sending' as const), tab, task, weather }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill-while-sending' as const), tab, taken: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill-while-saving' as const), tab, task, ticks: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hand-over' as const), tab, to: fc.integer({ min: 0, max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock' as const), by: fc.constantFrom(-90_000_000, -200_000, 60_000, 200_000, 90_000_000) }) },
)
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

class Field {
  server = new Server()
  tabs: Tab[] = []
  holder = 0
  enrolments = 0
  current = enrolled(0, 0)
  saved = new Map<string, { token: string; task: number | null }>()
  maybe = 0
  typed = new Map<string, string>()

  async open(): Promise<void> {
    this.tabs = [await openTab(), await openTab()]
    await this.handOver(0, 0)
    this.server.start()
  }

  async handOver(at: number, to: number): Promise<void> {
    this.holder = to
    this.current = enrolled(to, (this.enrolments += 1))
    await this.tabs[at].adoptEnrolment(this.current)
  }

  saving(task: number, text: string) {
    const target = this.tabs[0].targetOf(door(task))
    const none = { replaces: null, corrects: null, awaitPosition: false, photos: [] }
    return { key: `task:${task}`, target, form: employerForm, outcome: 'done' as const, answers: { remark: text }, ...none }
  }

  draftKey = (task: number): string => `${this.holder} task:${task}`

  async save(at: number, task: number): Promise<void> {
    const { token } = this.current
    const visit = await this.tabs[at].saveVisit(this.saving(task, String(this.saved.size)))
    this.saved.set(visit.client_id, { token, task })
    this.typed.delete(this.draftKey(task))
  }

  async send(at: number, weather: Weather): Promise<void> {
    this.server.weather = weather
    await this.tabs[at].synchronise(true)
    this.server.weather = 'good'
  }

  /** The page is gone: its requests are never answered, its database is shut under it. */
  async kill(at: number): Promise<void> {
    const dead = this.tabs[at]
    this.tabs[at] = await openTab()
    await dead.closeDatabase()
  }

  async run(act: Act): Promise<void> {
    if (act.do === 'save') await this.save(act.tab, act.task)
    if (act.do === 'type') {
      await this.tabs[act.tab].changeDraft(`task:${act.task}`, this.tabs[0].targetOf(door(act.task)), { values: { remark: act.text } })
      this.typed.set(this.draftKey(act.task), act.text)
    }
    if (act.do === 'type-and-save') {
      void this.tabs[act.tab].changeDraft(`task:${act.task}`, this.tabs[0].targetOf(door(act.task)), { values: { remark: act.text } })
      await this.save(act.tab, act.task)
      expect(await this.tabs[act.tab].draftOf(`task:${act.task}`)).toBeUndefined()
    }
    if (act.do === 'send') await this.send(act.tab, act.weather)
    if (act.do === 'send-in-both') await Promise.all([this.send(0, act.weather), this.send(1, act.weather)])
    if (act.do === 'save-while-sending') await Promise.all([this.send(act.tab, act.weather), this.save(act.tab, act.task)])
    if (act.do === 'restart') await this.kill(act.tab)
    if (act.do === 'clock') vi.setSystemTime(Date.now() + act.by)
    if (act.do === 'hand-over') await this.handOver(act.tab, act.to)
    if (act.do === 'kill-while-sending') {
      this.server.weather = act.taken ? 'takes-and-never-answers' : 'never-answers'
      void this.tabs[act.tab].synchronise(true)
      await pause(30)
      await this.kill(act.tab)
      this.server.weather = 'good'
    }
    if (act.do === 'kill-while-saving') {
      // Saved or not: nobody was told that it was. Either is right, half of it is not.
      this.tabs[act.tab].saveVisit(this.saving(act.task, 'killed')).catch(() => undefined)
      await pause(act.ticks)
      await this.kill(act.tab)
      await pause(5)
      this.typed.delete(this.draftKey(act.task))
      this.maybe += 1
    }
  }

  /** The network is good again and nobody asks to wait any more: longer than anything held back rests, spread included. */
  async settle(): Promise<void> {
    for (let round = 0; round < 8; round += 1) {
      vi.setSystemTime(Date.now() + 2 * 3_600_000)
      await this.send(round % 2, 'good')
    }
  }

  async check(): Promise<void> {
    expect(this.server.wrongs).toEqual([])
    for (const [id, { token, task }] of this.saved) {
      const taken = this.server.taken.get(id)
      expect(taken && { token: taken.token, task: (JSON.parse(taken.text) as VisitBody).task_id }).toEqual({ token, task })
    }
    expect(this.server.taken.size).toBeLessThanOrEqual(this.saved.size + this.maybe)
    for (const tab of this.tabs) expect((await tab.waitingVisits(Date.now())).size).toBe(0)
    for (const [key, text] of this.typed) {
      const [holder, task] = key.split(' ')
      if (Number(holder) !== this.holder) continue
      expect((await this.tabs[0].draftOf(task))?.values).toEqual({ remark: text })
    }
  }
}

const realTimeout = setTimeout
const pause = (ms: number): Promise<void> => new Promise((done) => realTimeout(done, ms))

beforeEach(() => {
  vi.stubGlobal('BroadcastChannel', undefined)
  // Nothing of a killed tab may wake up later; time moves only where a case says so.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date('2026-11-23T02:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('no order of events loses a visit, sends it twice, or sends it under another name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), async (acts) => {
      vi.setSystemTime(new Date('2026-11-23T02:00:00Z'))
      const field = new Field()
      await field.open()
      try {
        for (const act of acts) await field.run(act)
        await field.settle()
        await field.check()
      } finally {
        for (const tab of field.tabs) await tab.closeDatabase()
        await deleteDB('grid-canvass')
      }
    }),
    { numRuns: Number(import.meta.env.VITE_LAWS ?? 60), endOnFailure: false },
  )
}, 240_000)
