/**
 * The page on which a hotspot wants its log-in. It can only show it in place of a plain http page under a name that no
 * browser has learnt to ask for by https alone, which rules out our own address. So the button opens one of the pages
 * that phones themselves ask for this: it answers with an empty page as soon as the network lets everything pass.
 * Opened by a tap alone, in a tab of its own, without saying where from.
 */
export const PORTAL_PAGE = 'http://connect.rom.miui.com/generate_204'
