/** The pictures of the help, drawn from a few simple shapes. Every picture is 240 by 150. */

/** `line` is drawn, the others are filled: `card` paper, `soft` a tint, `ink` solid, `good`, `bad`, `warn` by meaning. */
export type Look = 'line' | 'card' | 'soft' | 'ink' | 'good' | 'bad' | 'warn' | 'goodline' | 'badline' | 'white'
export type Shape = { look: Look; d: string } | { text: string; x: number; y: number; look?: Look; size?: number }

const box = (x: number, y: number, w: number, h: number, r = 4): string =>
  `M${x + r} ${y}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${h - 2 * r}a${r} ${r} 0 0 1-${r} ${r}h${2 * r - w}a${r} ${r} 0 0 1-${r}-${r}v${2 * r - h}a${r} ${r} 0 0 1 ${r}-${r}z`
const disc = (x: number, y: number, r: number): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0z`
const tick = (x: number, y: number, s: number): string => `M${x - s} ${y}l${s * 0.7} ${s * 0.8} ${s * 1.3}-${s * 1.6}`
const cross = (x: number, y: number, s: number): string => `M${x - s} ${y - s}l${2 * s} ${2 * s}m0-${2 * s}l-${2 * s} ${2 * s}`
const lines = (x: number, y: number, w: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `M${x} ${y + at * 10}h${at === count - 1 ? w * 0.6 : w}`).join('')
const arrow = (x: number, y: number, w: number): string => `M${x} ${y}h${w}m-7-6l7 6-7 6`

const shape = (look: Look, d: string): Shape => ({ look, d })

function phone(x = 84): Shape[] {
  return [shape('card', box(x, 6, 76, 138, 10)), shape('line', box(x, 6, 76, 138, 10)), shape('line', `M${x + 30} 14h16`)]
}

function person(x: number, y: number): Shape[] {
  const body = `M${x - 18} ${y + 46}v-8a18 18 0 0 1 36 0v8z`
  return [shape('soft', disc(x, y, 12)), shape('line', disc(x, y, 12)), shape('soft', body), shape('line', body)]
}

/** A code as it looks from afar: three corners and some dots. */
function code(x: number, y: number, s: number): Shape[] {
  const u = s / 9
  const corner = (cx: number, cy: number): string => `M${cx} ${cy}h${3 * u}v${3 * u}h-${3 * u}zM${cx + u} ${cy + u}v${u}h${u}v-${u}z`
  const dots = [[4, 0], [5, 2], [4, 4], [6, 4], [8, 4], [0, 4], [2, 5], [4, 6], [6, 7], [8, 8], [5, 8], [7, 5]]
  const d = dots.map(([a, b]) => `M${x + a * u} ${y + b * u}h${u}v${u}h-${u}z`).join('')
  return [shape('white', box(x - 4, y - 4, s + 8, s + 8, 3)), shape('ink', corner(x, y) + corner(x + 6 * u, y) + corner(x, y + 6 * u) + d)]
}

function paper(x: number, y: number, w: number, h: number): Shape[] {
  return [shape('card', box(x, y, w, h, 2)), shape('line', box(x, y, w, h, 2))]
}

const waves = (x: number, y: number): string => `M${x - 14} ${y}a20 20 0 0 1 28 0M${x - 8} ${y + 7}a11 11 0 0 1 16 0M${x - 1} ${y + 14}h2`

const server: Shape[] = [
  shape('soft', box(184, 42, 44, 66)),
  shape('line', `${box(184, 42, 44, 66)}M184 64h44M184 86h44M194 53h10M194 75h10M194 97h10`),
]

export const DRAWINGS: Record<string, Shape[]> = {
  scan: [
    shape('soft', box(20, 20, 60, 124, 2)), shape('line', `${box(20, 20, 60, 124, 2)}M70 86v10`), ...code(32, 36, 36), ...phone(128),
    ...code(150, 58, 32), shape('goodline', 'M142 62v-12h12M178 50h12v12M190 86v12h-12M154 98h-12v-12'), shape('line', 'M88 54l32 14'),
  ],
  answer: [
    ...phone(), { text: '在岗 12 人', x: 122, y: 48, size: 12 }, shape('good', box(92, 58, 60, 24)),
    { text: '✓ 属实', x: 122, y: 75, look: 'white', size: 13 }, shape('line', box(92, 92, 60, 24)), { text: '更正', x: 122, y: 109, size: 13 },
  ],
  saved: [...phone(), shape('goodline', disc(122, 66, 22)), shape('goodline', tick(122, 66, 10)), { text: '已保存', x: 122, y: 112, size: 15 }],
  sent: [...phone(30), shape('good', disc(68, 70, 16)), shape('goodline', arrow(118, 74, 54)), ...server, { text: '✓', x: 68, y: 76, look: 'white', size: 17 }],
  offline: [
    ...phone(30), shape('line', lines(42, 48, 52, 3)), shape('good', box(42, 92, 52, 22)), { text: '保存', x: 68, y: 107, look: 'white', size: 12 },
    shape('line', waves(170, 58)), shape('badline', cross(170, 66, 20)), { text: '没有网络', x: 170, y: 114, size: 14 },
  ],
  queue: [
    ...phone(), { text: '还有 3 条', x: 122, y: 44, size: 12 }, { text: '待发送', x: 122, y: 60, size: 12 },
    shape('soft', box(92, 70, 60, 16) + box(92, 91, 60, 16) + box(92, 112, 60, 16)), shape('line', box(92, 70, 60, 16) + box(92, 91, 60, 16) + box(92, 112, 60, 16)),
  ],
  nobody: [
    shape('soft', box(40, 16, 66, 128, 2)), shape('line', `${box(40, 16, 66, 128, 2)}M96 84v12`), { text: '?', x: 73, y: 74, size: 30 },
    shape('line', box(136, 40, 76, 66)), shape('line', 'M136 58h76M154 34v12M194 34v12'), { text: '再来', x: 174, y: 90, size: 18 },
  ],
  refuse: [...person(66, 50), shape('badline', cross(66, 112, 8)), shape('soft', box(130, 50, 80, 56, 8)), shape('line', box(130, 50, 80, 56, 8)), shape('line', `${disc(170, 78, 16)}M156 50l6-10h16l6 10`), { text: '拍门面', x: 170, y: 132, size: 14 }],
  refused: [...phone(), shape('badline', box(92, 40, 60, 44)), { text: '没送成', x: 122, y: 58, look: 'bad', size: 13 }, { text: '原因…', x: 122, y: 75, size: 11 }, shape('ink', box(92, 96, 60, 22)), { text: '改正重报', x: 122, y: 111, look: 'white', size: 11 }],
  export: [...phone(30), shape('line', lines(42, 56, 52, 3)), shape('line', arrow(114, 74, 28)), ...paper(152, 44, 50, 62), shape('line', lines(160, 60, 34, 3)), { text: '文件', x: 177, y: 126, size: 14 }],
  returned: [...person(48, 54), shape('warn', `${box(84, 26, 128, 60, 8)}M92 84l-14 14 26-12z`), { text: '请再数一次', x: 148, y: 53, size: 15 }, { text: '在岗人数', x: 148, y: 73, size: 15 }, { text: '后台', x: 48, y: 130, size: 13 }],
  notice: [...paper(26, 14, 84, 120), { text: '告知书', x: 68, y: 40, size: 15 }, shape('line', lines(40, 56, 56, 4)), ...code(76, 102, 22), shape('line', arrow(122, 74, 24)), ...person(184, 50)],
  code: [...phone(24), ...code(40, 52, 44), shape('goodline', arrow(108, 74, 22)), ...phone(140), shape('good', disc(178, 62, 16)), { text: '✓', x: 178, y: 68, look: 'white', size: 17 }, { text: '真的', x: 178, y: 104, size: 14 }],
  sign: [...phone(30), shape('line', box(38, 40, 60, 60)), shape('goodline', 'M46 84c8-26 12-26 12-8s6 12 10-2 6-8 8 0 4 6 14-6'), shape('line', 'M92 82l44-38 10 12-46 34-12 4z'), ...person(190, 56)],
  witness: [...person(44, 40), ...person(98, 40), { text: '见证', x: 71, y: 114, size: 15 }, ...paper(150, 26, 40, 52), shape('line', lines(158, 40, 24, 3)), shape('line', `${box(144, 92, 62, 42, 8)}${disc(175, 113, 12)}`)],
  lock: [...phone(), shape('soft', box(102, 64, 40, 34)), shape('line', `${box(102, 64, 40, 34)}M110 64v-9a12 12 0 0 1 24 0v9`), shape('ink', disc(96, 120, 3) + disc(113, 120, 3) + disc(130, 120, 3) + disc(147, 120, 3))],
  lost: [...phone(30), shape('badline', cross(68, 72, 22)), shape('line', arrow(118, 74, 34)), ...person(190, 46), { text: '告诉主管', x: 190, y: 120, size: 14 }],
}
