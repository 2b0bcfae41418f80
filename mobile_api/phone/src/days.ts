/** Days and clock times as the city reads them, whatever zone the phone is set to. */

const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })
const CLOCK = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** The date in Asia/Shanghai as YYYY-MM-DD. `drift` is server minus phone, in milliseconds. */
export function today(now: number = Date.now(), drift = 0): string {
  return DAY.format(new Date(now + drift))
}

/** The time of day in Asia/Shanghai as HH:MM. */
export function clock(now: number, drift = 0): string {
  return new Date(now + drift + 8 * 3_600_000).toISOString().slice(11, 16)
}

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

/** The first working day after `day`. Beyond the last of `daysOff`, or without any, the plain week counts. */
export function nextWorkday(day: string, daysOff: string[]): string {
  const last = daysOff.length ? daysOff[daysOff.length - 1] : ''
  const isOff = (date: string): boolean => (date <= last ? daysOff.includes(date) : weekdayOf(date) % 6 === 0)
  let next = plusDays(day, 1)
  while (isOff(next)) next = plusDays(next, 1)
  return next
}

/** The first Saturday after `day`. */
export function nextSaturday(day: string): string {
  return plusDays(day, ((5 - weekdayOf(day) + 7) % 7) + 1)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** "11月23日" */
export function dayText(day: string): string {
  const [, month, date] = day.slice(0, 10).split('-').map(Number)
  return `${month}月${date}日`
}

/** "11月23日 周一" */
export function weekdayText(day: string): string {
  return `${dayText(day)} 周${'日一二三四五六'[weekdayOf(day)]}`
}

/** "2026年11月23日", for facts that may be of another year */
export function dateText(day: string): string {
  return `${Number(day.slice(0, 4))}年${dayText(day)}`
}

/** "40 分钟", "5 小时", "400 天": a span in the unit a person would say it in. */
export function spanText(minutes: number): string {
  if (minutes < 120) return `${minutes} 分钟`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 1440)} 天`
}

/** "11月23日 10:32" */
export function clockText(at: string): string {
  const parts = Object.fromEntries(CLOCK.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
  return `${parts.month}月${parts.day}日 ${parts.hour}:${parts.minute}`
}
