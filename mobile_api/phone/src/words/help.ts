/** Help in pictures. */
export interface HelpTopic {
  key: string
  title: string
  steps: { picture: string; text: string }[]
}

export const help: { title: string; lead: string; step: (at: number, all: number) => string; practise: string; topics: HelpTopic[] } = {
  title: '看图学用法',
  lead: '点一件事，看怎么做。没网也能看。',
  step: (at, all) => `第 ${at} 步，共 ${all} 步`,
  practise: '用示例门户练一练',
  topics: [
    {
      key: 'visit',
      title: '走访一户',
      steps: [
        { picture: 'scan', text: '点“扫码”，对准门牌上的二维码。也可以在“今天”里点这一户。' },
        { picture: 'answer', text: '登记过的内容，对的点“属实”，不对的点“更正”。没登记的照实填。' },
        { picture: 'saved', text: '点“保存”。看到绿勾，就已经存在手机里，关机也不会丢。' },
        { picture: 'sent', text: '有网时自动发送，不用管。“我的”里能看到送到了没有。' },
      ],
    },
    {
      key: 'offline',
      title: '没有网络',
      steps: [
        { picture: 'offline', text: '没网照样能看名单、扫码、填写、拍照、签字、保存。' },
        { picture: 'queue', text: '没发送的排着队，“今天”上面写着还有几条。' },
        { picture: 'sent', text: '走到有网的地方，打开应用等一会儿，就都送出去了。' },
      ],
    },
    {
      key: 'nobody',
      title: '没人或不配合',
      steps: [
        { picture: 'nobody', text: '敲门没人：点“没查成？点实际情况”，选没人在的那一项，写上下次什么时候来。' },
        { picture: 'refuse', text: '对方不配合：不争不吵，选拒访的那一项，拍一张门面照片，保存。' },
      ],
    },
    {
      key: 'refused',
      title: '没送成',
      steps: [
        { picture: 'refused', text: '“我的”里标红“没送成”的，点开看原因。内容都在，不会丢。' },
        { picture: 'answer', text: '点“改正后重报”，按提示改好那一项，再保存。' },
        { picture: 'export', text: '怎么都送不出去：“这部手机”里导出成文件，交给主管。' },
      ],
    },
    {
      key: 'returned',
      title: '被退回',
      steps: [
        { picture: 'returned', text: '后台有疑问会退回，写着问什么、谁问的。' },
        { picture: 'answer', text: '点开只回答被问到的几项，其余的不用重填。' },
        { picture: 'saved', text: '保存就好，改过的会代替上一次，上一次也留着。' },
      ],
    },
    {
      key: 'serve',
      title: '送达文书',
      steps: [
        { picture: 'notice', text: '门户里写着“有一份文书要送达”，点开，让对方看完。' },
        { picture: 'code', text: '对方不放心，可以用自己的手机扫码核对真假。' },
        { picture: 'sign', text: '对方当面收：请他在屏幕上签字。' },
        { picture: 'witness', text: '对方不肯收：当场留下文书，拍照，请在场的社区人员见证，写明原因。' },
      ],
    },
    {
      key: 'pin',
      title: '解锁密码',
      steps: [
        { picture: 'lock', text: '“我的 → 设置”里可以设 4 到 8 位数字的密码，打开应用先输入。' },
        { picture: 'lost', text: '手机丢了，马上告诉主管停用它。忘了密码，请主管重新登记。' },
      ],
    },
  ],
}
