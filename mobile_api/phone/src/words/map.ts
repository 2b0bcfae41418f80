/** Words of the sketch map. */

export const map = {
  title: '地图',
  label: '网格示意图，门户的列表在图的下面',
  bigger: '放大',
  smaller: '缩小',
  whole: '看全部',
  me: '我在哪里',
  meHere: '您在这里',
  legend: '图例',
  marks: { overdue: '逾期', asked: '退回或没送成', left: '待查', settled: '已查' },
  several: (count: number): string => `这里有 ${count} 户`,
  inView: (count: number): string => `图上看得到的 ${count} 户`,
  noneInView: '图上这一块没有门户。点“看全部”回到全图。',
  placeless: (count: number): string => `另有 ${count} 户没有坐标，请到“今天”里看。`,
  placelessShow: '没有坐标的门户',
  nothing: '还没有网格和门户可画。联网更新后再看。',
  close: '收起',
  more: (count: number): string => `再看 ${count} 户`,
  withoutNetwork: '现在取不到底图，网格和门户照常可用。',
}
