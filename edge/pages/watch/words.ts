import type { PromptKind, WearerRole } from '../../../src/core/prompts/kinds.ts';

/**
 * Every word of the wrist, both ways. Label first, number after, so that neither language needs a
 * plural. `{n}` is a number, `{t}` a duration, `{place}` a place's own name, `{role}` a role's.
 */
export const words = {
  zh: {
    tapToStart: '轻触上岗',
    willBuzz: '会振动一下',
    willSound: '不能振动，会响一声',
    didItBuzz: '感觉到振动了吗？',
    didItSound: '听到声音了吗？',
    yes: '有',
    no: '没有',
    turnOn: '请关闭静音和免打扰',
    soundInstead: '来提示时会响一声',
    understood: '知道了',
    feelTheFour: '试试四种振动',
    arrival: '新到',
    person: '有人需要',
    place: '区域',
    call: '求助',
    toGreet: '待接待 {n}',
    inLobby: '在厅 {n}',
    inQueue: '排队 {n}',
    expectedWait: '{place}约等 {t}',
    longest: '最久 {t}',
    unvisited: '未巡 {t}',
    noStaff: '无人接待 {t}',
    going: '我去',
    met: '已接待',
    skip: '不用',
    undo: '撤销',
    sending: '发送中',
    notSent: '未送出，重试',
    youGo: '您去 · {place}',
    skipped: '已略过',
    takenBy: '{role}已去',
    skippedBy: '{role}：不用',
    left: '客户已离开',
    merged: '已并入一条',
    over: '已恢复正常',
    withdrawn: '已撤回',
    expired: '已过时',
    unseen: '{place}看不清',
    unseenMany: '{n} 处看不清',
    wholeLobby: '大厅',
    pleaseWatch: '请多留意{place}',
    pleaseWatchAll: '请多巡视',
    othersFine: '其他区域正常',
    noLink: '无连接',
    boxOffline: '主机离线',
    noPromptsNow: '暂收不到提示',
    reconnecting: '正在重连',
    comesBack: '恢复后自动继续',
    connecting: '正在连接',
    sayThis: '可以这样说',
    why: '原因',
    lastFive: '最近五条',
    noneYet: '还没有提示',
    offDuty: '离岗',
    leaveNow: '现在离岗？',
    handOver: '交班',
    othersOnDuty: '还有 {n} 人在岗',
    nobodyOnDuty: '之后无人收到提示',
    nobodyThere: '现在无人上岗',
    stay: '返回',
    missed: '错过 {n}',
    keepOpen: '未允许通知：只有亮屏时才会振动',
    opensAt: '{t} 开始',
    onDuty: '上岗 {n} 人',
    quietTen: '免打扰 10 分',
    quietFor: '免打扰 {t}',
    quietOver: '恢复提示',
    passedToYou: '↑ 转给您 {t}',
    closed: '非营业时间',
    otherLanguage: 'English',
  },
  en: {
    tapToStart: 'Tap to start duty',
    willBuzz: 'It will buzz once',
    willSound: 'Cannot buzz here, will sound once',
    didItBuzz: 'Did it buzz?',
    didItSound: 'Did you hear it?',
    yes: 'Yes',
    no: 'No',
    turnOn: 'Turn off silent mode',
    soundInstead: 'Prompts will sound',
    understood: 'All right',
    feelTheFour: 'Feel the four',
    arrival: 'Arrival',
    person: 'Person',
    place: 'Place',
    call: 'Call',
    toGreet: 'To greet {n}',
    inLobby: 'In {n}',
    inQueue: 'Queue {n}',
    expectedWait: '{place} wait {t}',
    longest: 'Longest {t}',
    unvisited: 'Unvisited {t}',
    noStaff: 'No staff {t}',
    going: 'Going',
    met: 'Met',
    skip: 'Skip',
    undo: 'Undo',
    sending: 'Sending',
    notSent: 'Not sent, retry',
    youGo: 'You · {place}',
    skipped: 'Skipped',
    takenBy: '{role} going',
    skippedBy: '{role}: skip',
    left: 'Customer left',
    merged: 'Merged into one',
    over: 'Back to normal',
    withdrawn: 'Withdrawn',
    expired: 'Expired',
    unseen: "Can't see {place}",
    unseenMany: "Can't see {n}",
    wholeLobby: 'lobby',
    pleaseWatch: 'Please watch it',
    pleaseWatchAll: 'Please walk round',
    othersFine: 'Other areas fine',
    noLink: 'No link',
    boxOffline: 'Box offline',
    noPromptsNow: 'No prompts now',
    reconnecting: 'Reconnecting',
    comesBack: 'Comes back by itself',
    connecting: 'Connecting',
    sayThis: 'You could say',
    why: 'Why',
    lastFive: 'Last five',
    noneYet: 'No prompts yet',
    offDuty: 'Off duty',
    leaveNow: 'Off duty?',
    handOver: 'Hand over',
    othersOnDuty: 'Others on duty {n}',
    nobodyOnDuty: 'Nobody else on duty',
    nobodyThere: 'Nobody on duty',
    stay: 'Back',
    missed: 'Missed {n}',
    keepOpen: 'Notifications are off: it buzzes only while this page shows',
    opensAt: 'Starts at {t}',
    onDuty: 'On duty {n}',
    quietTen: 'Quiet 10 min',
    quietFor: 'Quiet {t}',
    quietOver: 'Prompts again',
    passedToYou: '↑ Passed to you {t}',
    closed: 'Closed',
    otherLanguage: '中文',
  },
} as const;

export type Language = keyof typeof words;
export type Word = keyof (typeof words)['zh'];

export const roleNames: Record<WearerRole, Record<Language, string>> = {
  manager: { zh: '大堂经理', en: 'Manager' },
  deputy: { zh: '副理', en: 'Deputy' },
  'branch-head': { zh: '负责人', en: 'Branch head' },
};

/** Why a prompt came, in one sentence about the situation, never about the person. */
export const reasons: Record<PromptKind, Record<Language, string>> = {
  greet: { zh: '刚进门，还没有人接待。', en: 'Just came in, not met yet.' },
  approach: { zh: '进来后一直在张望，旁边没有员工。', en: 'Looking around since coming in, no staff near.' },
  'ask-queue': { zh: '已经等了一阵，还没有人问过。', en: 'Has waited a while, nobody has asked yet.' },
  divert: { zh: '这里排队较长，另一处空着。', en: 'The queue here is long, another place is free.' },
  patrol: {
    zh: '客户较多，逐一接待来不及；这里最久没有员工来过。',
    en: 'Too many to greet each; this area has seen no staff for longest.',
  },
  attend: {
    zh: '有客户在，大厅里一直没有看到员工。',
    en: 'Customers are there, and no staff are seen in the hall.',
  },
  support: { zh: '客户多，大厅人手不够。', en: 'More customers than the staff in the hall can look after.' },
  'see-off': { zh: '客户离开，正走向门口。', en: 'A customer is leaving, on the way to the door.' },
  'check-machine': {
    zh: '最近几位很快就离开，可能设备有问题。',
    en: 'The last few left unusually fast; the machine may be out of order.',
  },
};

const chinese = '\\u3400-\\u9fff';
const beforeLatin = new RegExp(`([${chinese}])([A-Za-z0-9])`, 'g');
const afterLatin = new RegExp(`([A-Za-z0-9])([${chinese}])`, 'g');

/**
 * A phrase of the catalogue with its blanks filled.
 *
 * A branch may call a place "VIP" in Chinese too: the space that belongs between Chinese and Latin
 * letters is put in here, since no catalogue can know the name. In English a place inside a sentence
 * begins small, unless it is an abbreviation.
 *
 * @example
 * ```ts
 * say('zh', 'unseen', { place: 'VIP' }); // 'VIP 看不清'
 * say('en', 'unseen', { place: 'Door' }); // "Can't see door"
 * ```
 */
export function say(language: Language, word: Word, blanks: Record<string, string | number> = {}): string {
  const phrase: string = words[language][word];
  const filled = phrase.replace(/\{(\w+)\}/g, (whole, name: string, at: number) => {
    const value = String(blanks[name] ?? whole);
    const inSentence = language === 'en' && name === 'place' && /[a-z] $/.test(phrase.slice(0, at));
    return inSentence && /^[A-Z][a-z]/.test(value) ? value[0]!.toLowerCase() + value.slice(1) : value;
  });
  return language === 'zh' ? filled.replace(beforeLatin, '$1 $2').replace(afterLatin, '$1 $2') : filled;
}

/** `m:ss`, or `h:mm` from an hour on. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  return whole < 3600
    ? `${Math.floor(whole / 60)}:${two(whole % 60)}`
    : `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}`;
}
