/** What a phone calls itself when it is enrolled, so that the desk can tell two phones of one person apart. Pure. */
import { m } from './messages'

const SHELLS: [RegExp, string][] = [
  [/wxwork/i, '企业微信'],
  [/MicroMessenger/, '微信'],
  [/DingTalk/, '钉钉'],
  [/HuaweiBrowser/, '华为浏览器'],
  [/MiuiBrowser/, '小米浏览器'],
  [/(UCBrowser|UCWEB)/, 'UC浏览器'],
  [/MQQBrowser/, 'QQ浏览器'],
  [/(Edg|EdgA)\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

/** Newer browsers name every Android phone "K". */
function modelIn(agent: string): string {
  if (/iPhone/.test(agent)) return 'iPhone'
  if (/iPad/.test(agent)) return 'iPad'
  const model = /Android [\d.]+; (?:[a-z]{2}-[a-z]{2}; )?([^;)]+?)(?: Build\/[^)]*)?[;)]/i.exec(agent)?.[1] ?? ''
  if (model.length > 1) return model.slice(0, 20)
  return /Android/.test(agent) ? m.enrol.android : m.enrol.defaultLabel
}

/** "Redmi Note 8 · 微信 · 11月30日 14:25" */
export function phoneLabel(agent: string, clock: string): string {
  const shell = SHELLS.find(([sign]) => sign.test(agent))?.[1]
  return [modelIn(agent), shell, clock].filter(Boolean).join(' · ').slice(0, 40)
}
