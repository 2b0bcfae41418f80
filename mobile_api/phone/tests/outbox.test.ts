/** The one line that says how sending stands, row by row. */
import { expect, it } from 'vitest'
import { spanText } from '../src/days'
import { phoneLabel } from '../src/label'
import { type Counts, countsOf, outboxLine } from '../src/outbox'
import type { Trouble } from '../src/sync/engine'
import type { StoredPhoto, StoredSuggestion, StoredVisit } from '../src/types'

const AT = '2026-11-23T02:32:00Z'
const none: Counts = { waiting: 0, photos: 0, refused: 0, stuck: 0 }
const said = (counts: Partial<Counts>, trouble: Trouble = 'none', running = false, pulledAt = AT): string => {
  const { bad, text } = outboxLine({ ...none, ...counts }, { running, trouble }, pulledAt)
  return bad ? `${bad} | ${text}` : text
}

it.each<[string, string]>([
  [said({}), '全部已发送 · 11月23日 10:32 更新'],
  [said({}, 'none', false, ''), '全部已发送 · 还没有更新过'],
  [said({}, 'none', true), '全部已发送 · 正在收发…'],
  [said({}, 'offline'), '全部已发送 · 没有网络信号'],
  [said({}, 'unreachable'), '全部已发送 · 服务器连不上'],
  [said({}, 'portal'), '全部已发送 · 这个网络要先登录'],
  [said({}, 'later'), '全部已发送 · 服务器正忙'],
  [said({ waiting: 2 }), '还有 2 条待发送 · 11月23日 10:32 更新'],
  [said({ waiting: 2 }, 'portal', true), '还有 2 条待发送 · 正在收发…'],
  [said({ waiting: 2 }, 'offline'), '还有 2 条待发送 · 没有网络信号，内容都在手机里，有信号时自动送出'],
  [said({ waiting: 2 }, 'unreachable'), '还有 2 条待发送 · 服务器连不上，内容都在手机里，会自动再送'],
  [said({ waiting: 2 }, 'portal'), '还有 2 条待发送 · 这个网络要先登录，内容都在手机里，登录后自动送出'],
  [said({ waiting: 2 }, 'later'), '还有 2 条待发送 · 服务器正忙，稍后自动再送'],
  [said({ photos: 3 }, 'no-room'), '还有 3 张照片待发送 · 服务器暂时存不下照片，照片先留在手机里，走访照常送出'],
  [said({ waiting: 1, photos: 3 }), '还有 1 条、3 张照片待发送 · 11月23日 10:32 更新'],
  [said({ refused: 1 }), '有 1 条没送成，点开看看 | 其余都已发送 · 11月23日 10:32 更新'],
  [said({ refused: 1, waiting: 2 }), '有 1 条没送成，点开看看 | 还有 2 条待发送 · 11月23日 10:32 更新'],
  [said({ refused: 1 }, 'unreachable'), '有 1 条没送成，点开看看 | 其余都已发送 · 服务器连不上'],
  [said({ waiting: 2, stuck: 1 }), '有 1 条总送不过去，点开看看 | 还有 2 条待发送 · 11月23日 10:32 更新'],
  [said({ refused: 1, waiting: 1, stuck: 1 }), '有 1 条没送成，点开看看 | 还有 1 条待发送 · 11月23日 10:32 更新'],
])('%s', (line, wanted) => expect(line).toBe(wanted))

it('never says that all is sent while anything is refused or waits, whatever the trouble', () => {
  for (const trouble of ['none', 'offline', 'unreachable', 'portal', 'later', 'no-room'] as const) {
    for (const name of ['waiting', 'photos', 'refused'] as const) {
      expect(said({ [name]: 1 }, trouble)).not.toContain('全部已发送')
    }
  }
})

it('counts pictures with the visits the server has, and what stands refused of every kind', () => {
  const visits = [{ client_id: 'a', state: 'sent' }, { client_id: 'b', state: 'waiting' }, { client_id: 'c', state: 'refused' }]
  const held = { times: 3, until: 0, status: 403 }
  const photos = [
    { owner: 'a', state: 'waiting', held }, { owner: 'a', state: 'refused' }, { owner: 'a', state: 'sent' }, { owner: 'b', state: 'waiting' },
  ]
  const suggestions = [{ state: 'waiting', held: { ...held, times: 2 } }, { state: 'refused' }, { state: 'sent' }]
  const counts = countsOf(visits as StoredVisit[], photos as StoredPhoto[], suggestions as StoredSuggestion[])
  expect(counts).toEqual({ waiting: 2, photos: 1, refused: 3, stuck: 1 })
})

it('says a span in the unit a person would', () => {
  expect([5, 119, 120, 2_820, 2_880, 576_000].map(spanText)).toEqual(['5 分钟', '119 分钟', '2 小时', '47 小时', '2 天', '400 天'])
})

it.each([
  ['Mozilla/5.0 (Linux; Android 9; Redmi Note 8 Build/PKQ1; wv) AppleWebKit/537.36 Chrome/86.0 MicroMessenger/8.0', 'Redmi Note 8 · 微信 · 11月30日 14:25'],
  ['Mozilla/5.0 (Linux; Android 10; zh-cn; HUAWEI P30 Build/X) AppleWebKit/537.36 wxwork/4.1', 'HUAWEI P30 · 企业微信 · 11月30日 14:25'],
  ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36', '安卓手机 · Chrome · 11月30日 14:25'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Safari/604.1', 'iPhone · Safari · 11月30日 14:25'],
  ['', '网格员手机 · 11月30日 14:25'],
])('names a phone so that two of one person can be told apart: %s', (agent, label) => {
  expect(phoneLabel(agent, '11月30日 14:25')).toBe(label)
})
