/** Words of a door where nobody was in. */

export const again = {
  title: '什么时候再来？',
  hint: '可以不选。选了会记在名单上。',
  evening: '下个工作日傍晚',
  saturday: '周六上午',
  otherDay: '或另选一天',
}
