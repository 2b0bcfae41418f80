/** Every word a person reads in the phone app. */
import { spanText } from './days'
import type { Outcome } from './types'
import type { Standing } from './store/doors'
import { again } from './words/again'
import { claim, grid } from './words/claim'
import { face } from './words/face'
import { field } from './words/field'
import { found } from './words/found'
import { help } from './words/help'
import { map } from './words/map'
import { device, history, leaving, lock, menu, outbox, returned, settings, visit } from './words/mine'
import { practice } from './words/practice'
import { scan } from './words/scan'
import { serve } from './words/serve'
import { suggest } from './words/suggest'
import { today } from './words/today'

const OUTCOMES: Record<Outcome, string> = {
  done: '见到人，已核查',
  nobody_in: '当时没人',
  refused: '拒绝配合',
  closed: '已歇业',
  moved: '已搬走',
  not_found: '查无此处',
  not_a_subject: '不属于参保对象',
}

const STANDINGS: Record<Standing, string> = {
  overdue: '逾期',
  open: '待查',
  returned: '退回待改',
  refused: '没送成',
  waiting: '已保存，待发送',
  done: '已完成',
}

const ROUTES: Record<string, string> = {
  normal: '已收到。',
  late: '已收到。交得晚了些，会由社区人工核对。',
  handed_over: '已收到。这一户已转给别的网格员，由社区核对。',
  recut: '已收到。网格有调整，已自动转到新的网格。',
  closed_round: '已收到。这一轮摸排已经结束，由社区核对。',
  unknown_task: '已收到。名单里没有这一户，由社区核对后登记。',
  clash: '已收到。别人也报了这一户，两份都留着，由负责人决定。',
  held: '已收到并存好。手机已停用或岗位已结束，由社区核定是否采用。',
}

export const m = {
  app: '网格走访',
  tabs: { today: '今天', scan: '扫码', mine: '我的' },
  back: '返回',
  outcomes: OUTCOMES,
  standings: STANDINGS,
  routeText: (route: string, message: string): string => message || ROUTES[route] || ROUTES.normal,

  enrol: {
    title: '登记这部手机',
    lead: '请让主管在电脑上打开“手机”，点“出示登记码”，扫一扫出示的二维码，或输入下面的登记码。',
    scan: '扫登记二维码',
    or: '或者手工输入',
    code: '登记码',
    label: '手机名称（方便认出是哪部手机）',
    defaultLabel: '网格员手机',
    android: '安卓手机',
    submit: '登记',
    busy: '正在登记…',
    needCode: '请输入登记码',
    otherServer: (origin: string): string => `这张码属于另一个地址：${origin}。请在那里打开后再登记。`,
    openThere: '打开那个地址',
    notEnrolCode: '这不是登记码。登记码由主管在电脑的“手机”页里出示。',
    noAnswer: {
      offline: '没有网络信号。登记需要网络，请到有信号的地方再试。',
      unreachable: '服务器连不上。请稍后再试，登记码先别关。',
      portal: '这个网络要先登录。请登录后再试，或改用流量。',
    },
    refused: '登记没有成功。请主管重新出示一个登记码。',
    promise: '本应用不打卡、不记轨迹、不排名。位置只在保存走访时取一次，也可以不给。',
    handover: '这部手机上还有没发送的走访，登记后仍会以原来的身份发送。',
  },

  today,
  map,
  face,
  found,

  outbox: {
    waiting: (count: number): string => `还有 ${count} 条待发送`,
    photos: (count: number): string => `还有 ${count} 张照片待发送`,
    both: (count: number, photos: number): string => `还有 ${count} 条、${photos} 张照片待发送`,
    refused: (count: number): string => `有 ${count} 条没送成，点开看看`,
    stuck: (count: number): string => `有 ${count} 条总送不过去，点开看看`,
    allSent: '全部已发送',
    restSent: '其余都已发送',
    updated: (text: string): string => `${text} 更新`,
    never: '还没有更新过',
    running: '正在收发…',
    troubles: {
      offline: '没有网络信号',
      unreachable: '服务器连不上',
      portal: '这个网络要先登录',
      later: '服务器正忙',
      'no-room': '服务器暂时存不下照片',
    },
    /** What becomes of that which waits meanwhile. */
    kept: {
      offline: '，内容都在手机里，有信号时自动送出',
      unreachable: '，内容都在手机里，会自动再送',
      portal: '，内容都在手机里，登录后自动送出',
      later: '，稍后自动再送',
      'no-room': '，照片先留在手机里，走访照常送出',
    },
  },

  banner: {
    label: '提醒',
    revoked: '这部手机已被停用：不再收到新任务。停用前填的仍会送出；一直送不出的，请导出成文件交到社区。',
    unknown: '这部手机的登记已失效。内容都还在，请重新登记后继续。',
    enrolAgain: '重新登记',
    clock: (minutes: number): string =>
      `手机时间${minutes > 0 ? '慢' : '快'}了约 ${spanText(Math.abs(minutes))}，请在系统设置里打开自动对时。`,
    portal: '这个网络要先登录，或改用流量。登录后回到这里，会自动再送。打开是空白页，就是已经通了。',
    portalOpen: '打开登录页',
    update: '应用有新版本。更新不会丢失已填内容。',
    updateNow: '现在更新',
    updateWaits: '新版本已下载好，等填完手上的、发送完再更新。',
    clear: '这个地址不安全（不是 https），手机里的内容没法加密：名单不存在手机里，没有网络时看不到；已填的仍会存下。请用主管给的正式地址打开。',
    tight: '手机空间快满了：照片可能存不下，走访仍可保存。请清理手机空间，或联网把照片送出去。',
    others: (count: number): string => `这部手机上还有前一位使用者的 ${count} 条内容没送完，仍会以其本人的名义送出，别人看不到。`,
    othersLocked: (name: string, count: number): string => `${name}还有 ${count} 条内容没送完，要由本人输入解锁密码才能送出。`,
    broken: '浏览器不让本应用在手机里保存内容（可能开了无痕模式）。请换普通模式或换一个浏览器打开。',
  },

  door: {
    title: '走访',
    why: '为什么来',
    due: '期限',
    code: '信用代码',
    number: '编号',
    premise: '门牌码',
    outcome: '这次走访的结果',
    otherOutcomes: '没查成？选原因',
    readOut: '请先读给对方听',
    form: '核查内容',
    optional: '选填',
    confirmAll: (count: number): string => `上面 ${count} 项登记内容都属实`,
    save: '保存',
    saving: '正在保存…',
    draftKept: '草稿已自动保存',
    draftKeeping: '正在保存草稿',
    draftFailed: '草稿没能存下来：手机空间可能已满。请先别离开，清理空间后再保存。',
    position: '保存时记一次位置',
    positionHint: '只记这一次，可以关掉',
    fix: (count: number): string => `还有 ${count} 处要改`,
    full: '手机空间已满，没有保存成功。您填的内容还在屏幕上，请清理一些空间再点保存。',
    failed: '没有保存成功。您填的内容还在屏幕上，请再点一次保存。',
    noForm: '这一户的表单还没有下载到手机。联网后会自动下载。',
    gone: '找不到这一户。它可能已转给别的网格员。',
    goneWhileOpen: '这一户刚刚转给了别人。您填好的仍可保存，服务器会收下并转交社区核对。',
    revokedWhileOpen: '这部手机已被停用，名单已清掉。您填好的仍可保存，仍会送出，由社区核对。',
    savedElsewhere: (at: string, outcome: string): string =>
      `这一户在本机的另一个页面里刚保存过（${at}，${outcome}）。再保存一次，会用这一份替换那一份。`,
    already: (state: string): string => `这一户您已经报过（${state}）。需要时可以再报一次。`,
    reportAgain: '再报一次',
    unlisted: '册外单位',
    unlistedHint: '请在备注里写明单位名称。',
    returnedBy: (by: string): string => `${by}请您再核一下`,
    refusedBecause: '上次没有送成',
    wasYours: '您上次填的',
    wasTheirs: (name: string): string => (name ? `${name}上次填的` : '上次填的'),
    discard: '不要这份草稿',
    discardAsk: '扔掉已填的内容？扔掉后找不回来。',
    discardYes: '扔掉',
    keep: '留着',
  },

  again,
  field,

  saved: {
    title: '已保存',
    text: '已存在这部手机里，有网络时自动发送。',
    next: '下一户',
    list: '回到今天',
  },

  scan,

  mine: {
    title: '我的',
    waiting: '待发送',
    refused: '没送成，要处理',
    photos: '照片',
    sent: '已发送',
    drafts: '填了一半的',
    nothingWaiting: '没有待发送的内容',
    nothingSent: '还没有发送过',
    sendNow: '现在发送',
    sendAll: '全部再送一次',
    export: '把没发送的导出成文件',
    exportHint: '手机送不出去时，可把文件交给主管',
    exported: '文件已导出',
    settings: '设置',
    large: '大字',
    position: '保存走访时记一次位置',
    device: '这部手机',
    person: '姓名',
    posting: '岗位',
    label: '手机名称',
    enrolledAt: '登记时间',
    version: '应用版本',
    clock: '与服务器时差',
    clockGood: '准',
    clockOff: (minutes: number): string => `${minutes > 0 ? '慢' : '快'} ${spanText(Math.abs(minutes))}`,
    pulled: '最近更新',
    more: (count: number): string => `再看 ${count} 条`,
    photoProgress: (done: number, all: number): string => `已传 ${done} / ${all} kB`,
    photoAgain: '重新上传',
    roles: {
      WORKER: '网格员',
      COMMUNITY: '社区审核员',
      STREET: '街道主管',
      DISTRICT: '区级主管',
      INSPECTOR: '劳动监察员',
      CITY: '市级办公室',
      LIAISON: '部门联络员',
      AUDITOR: '审计员',
    } as Record<string, string>,
  },

  visit: {
    title: '走访记录',
    states: { waiting: '待发送', sent: '已发送', refused: '没送成', corrected: '已改正重报' },
    photosWaiting: '照片待发送',
    savedAt: '保存时间',
    sentAt: '发送时间',
    number: '受理编号',
    outcome: '结果',
    said: '服务器的答复',
    whatToDo: '怎么办',
    todo: (code: string): string => TODO[code] ?? TODO.other,
    note: (code: string): string => NOTES[code] ?? '',
    correct: '改正后重报',
    again: '原样再送一次',
    answers: '填写内容',
    photos: '照片',
    photoStates: { kept: '未保存', waiting: '待上传', sent: '已上传', refused: '没传成' },
    missing: '找不到这条记录',
  },

  item: outbox,
  record: visit,
  returned,
  history,
  device,
  leaving,
  settings,
  lock,
  menu,
  claim,
  grid,
  serve,
  suggest,
  practice,
  help,
}

/** What a visit that was taken still wants the person to know. */
const NOTES: Record<string, string> = {
  'ground-missing': '走访已收下，但没有写明依据，这一户还要再去：请补上依据再报一次。',
  'stale-form-version': '填写时用的是旧表单，内容已原样收下，由社区人工核对。联网更新后，下一户会用新表单。',
}

const TODO: Record<string, string> = {
  'device-revoked': '这部手机已停用。请联系主管；内容一直保留在手机里，也可以导出成文件交给主管。',
  'device-closed': '这部手机停用已久，不能再直接发送。内容都还在手机里：请导出成文件，交到社区由主管导入。',
  'malformed-visit': '有一项内容服务器读不懂。请点“改正后重报”，核对标出的那一项再保存。',
  'malformed-request': '这一条服务器读不懂。请点“改正后重报”，核对后再保存；还不行，把文件导出交给主管。',
  'request-too-large': '这一条太大了。请点“改正后重报”，把备注写短些再保存；还不行，把文件导出交给主管。',
  'client-id-reused': '服务器上已有另一份同号的走访。请点“改正后重报”，核对后再保存一次。',
  other: '请点“改正后重报”，按提示改好再保存；看不明白就把文件导出交给主管。内容不会丢。',
}
