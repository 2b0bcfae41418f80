/** Light, dark, or as the phone itself is set. */

export type Theme = 'auto' | 'light' | 'dark'

const dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)')
let chosen: Theme = 'auto'

function paint(): void {
  const isDark = chosen === 'dark' || (chosen === 'auto' && dark?.matches === true)
  document.documentElement.classList.toggle('van-theme-dark', isDark)
}

export function applyTheme(theme: Theme): void {
  chosen = theme
  paint()
}

/** Paints at once by the phone's own setting, and again when that changes. */
export function followTheme(): void {
  dark?.addEventListener?.('change', paint)
  paint()
}
