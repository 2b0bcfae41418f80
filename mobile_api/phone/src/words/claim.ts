/** Words of what waits for a grid: claiming it, and settling the grid at the door. */

export const claim = {
  title: '认领',
  lead: '名册里还不知道在哪个网格的单位。认得出是您网格里的，点一下就归过来。',
  search: '搜名称、首字母、代码、地址，或招牌上的字',
  held: (count: number): string => `手机里存着 ${count} 户，没网也能查`,
  none: '没有找到。换个字试试；也可能已经归到别的网格了。',
  empty: '您这里没有等待归格的单位。',
  offline: '现在连不上服务器，只查了手机里存的。',
  askServer: '到服务器上再查',
  asking: '正在查…',
  known: { 12: '只知道社区', 9: '只知道街道', 6: '街道不明', 4: '区也不明' } as Record<number, string>,
  mine: '这是我网格里的',
  mineOf: (name: string): string => `在${name}`,
  saved: '已认领，送到后生效',
  mineTitle: '我认领过的',
  visit: '现在去走访',
  refusedTitle: '被退回的认领',
  record: '认领归格',
  noGrid: '您的岗位不在网格上，不能认领。',
  failed: '没有保存成功，请再点一次。',
}

export const grid = {
  title: '在哪个网格？',
  lead: '名册上只写到社区，您到了门口，请定一下。',
  unknown: (place: string): string => (place ? `${place}，到门口定网格` : ''),
  own: (name: string): string => `在我的网格：${name}`,
  other: '在别的网格',
  search: '搜网格名称',
  none: '没有找到这个网格',
  notHeld: '手机里还没有本社区的网格清单，联网后再选；走访可以先保存。',
  need: '请定一下在哪个网格',
}
