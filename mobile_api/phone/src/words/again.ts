/** Words of the outcomes that ask something more: nobody in, moved, a unit no list knows. */

export const again = {
  title: '什么时候再来？',
  hint: '可以不选。选了会记在名单上。',
  evening: (day: string): string => `下个工作日傍晚（${day}）`,
  saturday: (day: string): string => `周六上午（${day}）`,
  otherDay: '或另选一天',
  movedTo: '搬到哪里去了？',
  movedHint: '问问邻居或物业；不知道就空着。',
  movedNote: (where: string): string => `搬到：${where}`,
}
