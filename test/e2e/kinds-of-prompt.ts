import type { PromptPayload } from '../../src/contract/topics.ts';

/** A prompt of each kind, with the longest words and figures it can come to. */
export const kindsOfPrompt: readonly Partial<PromptPayload>[] = [
  { people: 12, say: { zh: '门口 · 新到 12 位', en: 'Door · 12 just in' } },
  {
    kind: 'approach',
    place: 'hall',
    urgency: 'soon',
    waitedSeconds: 18,
    say: { zh: '大厅 · 1 位待引导', en: 'Hall · 1 to help' },
  },
  {
    kind: 'ask-queue',
    place: 'cash',
    urgency: 'soon',
    waitedSeconds: 595,
    say: { zh: '现金区 · 排队 15 位 · 最久 9:55', en: 'Cash · Queue 15 · Longest 9:55' },
  },
  {
    kind: 'divert',
    place: 'cash',
    urgency: 'soon',
    haptic: 'place',
    towards: 'machines',
    free: 2,
    say: { zh: '现金区 · 排队 15 位 · 自助服务区空 2 台', en: 'Cash · Queue 15 · Machines 2 free' },
  },
  {
    kind: 'patrol',
    place: 'hall',
    urgency: 'when-free',
    haptic: 'place',
    waitedSeconds: 595,
    say: { zh: '大厅 · 15 位 · 未巡 9:55', en: 'Hall · 15 here · Unvisited 9:55' },
  },
  {
    kind: 'attend',
    place: 'hall',
    haptic: 'call',
    to: ['manager', 'deputy'],
    waitedSeconds: 595,
    say: { zh: '大厅 · 15 位 · 无人接待 9:55', en: 'Hall · 15 here · No staff 9:55' },
  },
  {
    kind: 'support',
    place: 'hall',
    haptic: 'call',
    to: ['manager', 'branch-head'],
    say: { zh: '大厅 · 在厅 28 位 · 请支援', en: 'Hall · 28 in lobby · Please help' },
  },
  {
    kind: 'see-off',
    placeName: { zh: '贵宾区', en: 'VIP' },
    haptic: 'place',
    say: { zh: '贵宾区 · 请送别 · 客户离开', en: 'VIP · See off · Leaving' },
  },
  {
    kind: 'check-machine',
    placeName: { zh: '自助区', en: 'Machines' },
    urgency: 'when-free',
    haptic: 'place',
    say: { zh: '自助区 · 请查看设备 · 客户离开快', en: 'Machines · Check it · Left fast' },
  },
];
