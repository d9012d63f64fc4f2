import type { Facts } from './facts.ts';
import type { Language } from './sheet.ts';

/** Phrases that several papers share, each in both languages side by side. */

type InBoth = { readonly zh: string; readonly en: string };

/** What a prompt of each kind is for. */
const purposes: Readonly<Record<Facts['prompts'][number], InBoth>> = {
  greet: { zh: '有人进门时及时接待', en: 'greeting people who come in' },
  approach: { zh: '有人找不到该去哪里时前去引导', en: 'helping people who look lost' },
  'ask-queue': { zh: '排队较长时前去询问需求', en: 'asking a long queue what it needs' },
  divert: { zh: '把排队的客户引导到空闲处', en: 'showing a queue where there is room' },
  patrol: { zh: '提醒员工巡视久未照看的区域', en: 'going round to areas that have seen no staff' },
  attend: { zh: '大厅无人接待时提醒员工', en: 'telling staff when the hall is unattended' },
  support: { zh: '人多时请求支援', en: 'asking for support when it is crowded' },
  'see-off': { zh: '客户离开贵宾区时送别', en: 'seeing off customers who leave the VIP zone' },
  'check-machine': { zh: '自助设备可能有问题时前去查看', en: 'checking machines that people give up on' },
};

export const purposesOf = ({ prompts }: Facts, language: Language): readonly string[] =>
  prompts.map((kind) => purposes[kind][language]);

/** The same in a word or two, for a notice: what staff do, each thing once. */
const brief: Readonly<Record<Facts['prompts'][number], InBoth>> = {
  greet: { zh: '接待', en: 'welcome people' },
  approach: { zh: '引导', en: 'help those who look lost' },
  'ask-queue': { zh: '照看排队', en: 'look after queues' },
  divert: { zh: '照看排队', en: 'look after queues' },
  patrol: { zh: '及时赶到需要的地方', en: 'be where they are needed' },
  attend: { zh: '及时赶到需要的地方', en: 'be where they are needed' },
  support: { zh: '及时赶到需要的地方', en: 'be where they are needed' },
  'see-off': { zh: '送别', en: 'see people off' },
  'check-machine': { zh: '查看自助设备', en: 'check machines' },
};

export const briefly = ({ prompts }: Facts, language: Language): readonly string[] => [
  ...new Set(prompts.map((kind) => brief[kind][language])),
];

/** A host as a notice has room for: of a long one its end, which says whose it is. */
export const shortHost = (host: string): string => (host.length <= 40 ? host : `…${host.slice(-39)}`);

const kindNames: Readonly<Record<Facts['zones'][number]['kind'], InBoth>> = {
  entrance: { zh: '入口', en: 'entrance' },
  queue: { zh: '排队区', en: 'queue' },
  service: { zh: '自助区', en: 'machines or service' },
  staff: { zh: '员工区', en: 'staff' },
  vip: { zh: '贵宾区', en: 'VIP' },
  desk: { zh: '柜台', en: 'desk' },
  ignore: { zh: '不计', en: 'ignored' },
};

export const zoneKind = (kind: Facts['zones'][number]['kind'], language: Language): string =>
  kindNames[kind][language];

/** Words in a row: `a, b and c`; `甲、乙、丙`. */
export function inARow(words: readonly string[], language: Language): string {
  if (language === 'zh') return words.join('、');
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The first few, and how many more there are. */
export function fewOf(words: readonly string[], most: number, language: Language): string {
  if (words.length <= most) return inARow(words, language);
  const rest = words.length - most;
  const first = words.slice(0, most);
  return language === 'zh'
    ? `${first.join('、')}等共 ${words.length} 处`
    : `${first.join(', ')} and ${rest} more`;
}

/** Places people may be in that are looked at, each name once; where nothing is counted is none. */
export const watchedNames = ({ zones }: Facts, language: Language): readonly string[] => [
  ...new Set([...zones.filter(({ kind }) => kind !== 'ignore').map(({ name }) => name[language])]),
];

/** `harbour-view` is told as `Harbour view`. */
export const branchName = (id: string): string =>
  id.replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');

const dayNames: Readonly<Record<string, InBoth>> = {
  monday: { zh: '星期一', en: 'Monday' },
  tuesday: { zh: '星期二', en: 'Tuesday' },
  wednesday: { zh: '星期三', en: 'Wednesday' },
  thursday: { zh: '星期四', en: 'Thursday' },
  friday: { zh: '星期五', en: 'Friday' },
  saturday: { zh: '星期六', en: 'Saturday' },
  sunday: { zh: '星期日', en: 'Sunday' },
};
export const dayName = (day: string, language: Language): string => dayNames[day]![language];

/** Opening hours in a row, days that have none left out; absent: always. */
export function hoursOf({ hours }: Facts, language: Language): string {
  if (hours === undefined) return language === 'zh' ? '不限时段' : 'at all hours';
  const open = hours.filter(({ spans }) => spans.length > 0);
  return open
    .map(({ day, spans }) => `${dayName(day, language)} ${spans.join(language === 'zh' ? '、' : ', ')}`)
    .join(language === 'zh' ? '；' : '; ');
}

export const days = (count: number, language: Language): string =>
  language === 'zh' ? `${count} 天` : count === 1 ? 'one day' : `${count} days`;

/** Which days a profile of thresholds is for. */
export function profileDays(
  { weekdays = [], ofMonth = [], dates = [] }: Facts['profiles'][number]['days'],
  language: Language,
): string {
  const each =
    ofMonth.length === 0
      ? []
      : [language === 'zh' ? `每月 ${ofMonth.join('、')} 日` : `day ${ofMonth.join(', ')} of the month`];
  return inARow([...weekdays.map((day) => dayName(day, language)), ...each, ...dates], language);
}

/** Whoever gets something from the box, by this configuration, with what. */
export function recipientsOf(
  facts: Facts,
  language: Language,
): readonly (readonly [who: string, what: string])[] {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { broker, pages, webhooks, homeAssistant, fleet, kept, showsDots } = facts;
  return [
    [
      t('当班员工的手表', 'Watches of staff on duty'),
      t(
        '提示：在哪个区域、几位、等了多久；各区域的人数和排队情况。',
        'Prompts: in which zone, how many, how long they have waited; how many people are in each zone, and the queues.',
      ),
    ],
    [
      t('持有令牌的控制台用户', 'Users of the console, who hold a token'),
      t(
        `现场：${showsDots ? '人在平面图上的点，只在页面打开时显示' : '各区域人数，不显示位置'}。日志、数据和布置，按角色查看。页面地址：${pages.host}。`,
        `Live: ${showsDots ? 'people as dots on the floor, while the page is open' : 'counts by zone, no positions'}. The journal, figures and set-up, by role. The pages are at ${pages.host}.`,
      ),
    ],
    [
      t('能连到主机页面的人，无需令牌', 'Whoever reaches the pages of the box, without a token'),
      t(
        pages.isThisMachine
          ? '手表页面、大厅概况、主机状态和指标：各区域人数和提示，不含位置。现在只有主机本身能连到。'
          : `从其他机器：手表页面，以及主机是否正常；大厅概况和指标需要令牌，网点信息需要手表登录。${pages.asksForCertificates ? '还需要客户端证书。' : ''}`,
        pages.isThisMachine
          ? "The watch's page, the lobby at a glance, the state of the box and metrics: counts by zone and prompts, without positions. Now that is the box itself alone."
          : `From another machine: the watch's page, and whether the box is well. The lobby at a glance and metrics ask for a token, what the branch is called for a watch's login.${pages.asksForCertificates ? ' A client certificate is asked for besides.' : ''}`,
      ),
    ],
    broker === undefined
      ? undefined
      : [
          t('消息服务器（MQTT）', 'The MQTT broker'),
          t(
            `${broker.address}：手表所收到的全部内容、主机状态、日报中的人数。${broker.isEncrypted ? '加密传输。' : '未加密传输。'}`,
            `${broker.address}: all that watches get, the state of the box, and counts of the day's report. ${broker.isEncrypted ? 'Encrypted.' : 'Not encrypted.'}`,
          ),
        ],
    ...webhooks.map(({ host, isEncrypted, kinds, roles }): [string, string] => [
      t('网络回调（webhook）', 'A webhook'),
      t(
        `${host}：提示及其后续状态${kinds === undefined && roles === undefined ? '' : '，仅部分种类或角色'}，不含位置。${isEncrypted ? '加密传输。' : '未加密传输。'}`,
        `${host}: prompts and what became of them${kinds === undefined && roles === undefined ? '' : ', of some kinds or roles alone'}, without positions. ${isEncrypted ? 'Encrypted.' : 'Not encrypted.'}`,
      ),
    ]),
    homeAssistant
      ? [
          'Home Assistant',
          t(
            '各区域人数、提示和主机状态，经同一消息服务器读取。',
            'How many people are in the lobby, prompts and the state of the box, read from the same broker.',
          ),
        ]
      : undefined,
    fleet
      ? [
          t('银行总部的汇总库', 'The fleet store of the bank'),
          t(
            '每小时和每天的人数、等待时间、主机状态，以及采用了总行的哪些设置：一至四只写“少于五”，每小时的数取五的倍数；不含位置，不含提示。',
            'Counts and waits by the hour and the day, the state of the box, and which settings of the bank hold: one to four as fewer than five, those of an hour in fives; no positions, no prompts.',
          ),
        ]
      : undefined,
    kept.exportTo === undefined
      ? undefined
      : [
          t('导出文件夹', 'The export folder'),
          t(
            `日志每天到期删除前写入 ${kept.exportTo}，由管理该文件夹的人负责删除。`,
            `Each day of the journal, before it is dropped, is written to ${kept.exportTo}. Whoever runs that folder must delete there.`,
          ),
        ],
  ].filter((one): one is [string, string] => one !== undefined);
}

/** What is kept on the box, for how long. */
export function keptOf(facts: Facts, language: Language): readonly (readonly [what: string, long: string])[] {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { days: most, megabytes, scenes } = facts.kept;
  const journal = t(
    `${days(most, language)}；日志超过 ${megabytes} MB 时，最早的日子提前删除`,
    `${days(most, language)}; the oldest go earlier when the journal takes more than ${megabytes} MB`,
  );
  return [
    [
      t('摄像头画面', 'Pictures of cameras'),
      t('不保存；只在内存里，到下一帧为止', 'not kept: in memory alone, until the next one'),
    ],
    [
      t(
        '日志：发现了什么、提示与否及原因、到访时间、各区域人数',
        'Journal: what was noticed, what was said or not and why, times of stays, people in each zone',
      ),
      journal,
    ],
    [
      t('人所站位置的点', 'Where people stood, as dots'),
      scenes === undefined
        ? t('不保存', 'not kept')
        : t(
            `精确到 ${scenes.metres} 米，每 ${scenes.seconds} 秒一次，保存期同日志`,
            `to ${scenes.metres} m, every ${scenes.seconds} s, as long as the journal`,
          ),
    ],
    [t('日报', "The day's reports"), days(most, language)],
    [
      t('未结束的提示、哪些手表在岗', 'Open prompts, and which watches are on duty'),
      t('随时替换；重启后继续使用', 'replaced as they change; used again after a restart'),
    ],
    [
      t('设置的历史：谁的令牌、何时、为何更改', 'History of settings: changed by which token, when and why'),
      t('最近 500 次', 'the newest 500 changes'),
    ],
  ];
}

/** What is made out of people in a picture, and what is not. */
export function dataOf(
  facts: Facts,
  language: Language,
): { readonly made: readonly string[]; readonly never: readonly string[] } {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const hasFloor = facts.cameras.some((camera) => camera.hasFloor);
  return {
    made: [
      t(
        '画面中每个人的方框和把握程度，只在内存里',
        'a box round each person in the picture and how sure that is, in memory alone',
      ),
      ...(hasFloor
        ? [t('人在平面图上的位置和移动', 'where people are on the floor, and how they move')]
        : []),
      t(
        '所在区域、到达和离开时间、等候时间、是否有员工接待',
        'in which zone they are, when they came and left, how long they waited, whether staff met them',
      ),
      t(
        '是客户、员工还是未知，依据是从哪里来、在哪里停留、怎样移动',
        'whether they are a customer, staff or not known, by where they come from, where they stay and how they move',
      ),
      ...(facts.heads
        ? [
            t(
              '可能需要引导的人，头朝向哪一边；不看面部',
              'of those who may be lost, which way their head is turned; faces are not looked at',
            ),
          ]
        : []),
      t(
        '每次到访的随机编号，随这次到访和本次运行结束而失去意义',
        'a random name for each stay, which means nothing after it and after this run of the box',
      ),
      t(
        '员工手表：手表自己产生的随机编号、岗位、上岗和离岗、对提示的答复',
        'of watches of staff: a random name the watch makes for itself, the role, when duty begins and ends, what was answered to prompts',
      ),
    ],
    never: [
      t('人脸识别', 'recognition of faces'),
      t('年龄、性别、衣着、身份', 'age, sex, clothing, identity'),
      t('图像、录像、录音', 'pictures, recordings, sound'),
      t('任何能再次认出某人的特征', 'anything by which somebody could be known again'),
    ],
  };
}

/** What this configuration leaves open, for whoever assesses it; empty where nothing is. */
export function openEndsOf(facts: Facts, language: Language): readonly string[] {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { pages, broker, webhooks, kept } = facts;
  return [
    ...(!pages.isThisMachine && !pages.isEncrypted
      ? [
          t(
            `页面和消息在 ${pages.host} 上未加密：同一网络里的人可能读到人数和提示。`,
            `Pages and messages at ${pages.host} are not encrypted: whoever is on that network may read counts and prompts.`,
          ),
        ]
      : []),
    ...(!pages.isThisMachine && broker === undefined && !pages.watchesLogIn && !pages.asksForCertificates
      ? [
          t(
            '手表不需要登录：能连到主机的人可以读到人数和提示，也可以答复提示。',
            'Watches need no login: whoever reaches the box may read counts and prompts, and answer them.',
          ),
        ]
      : []),
    ...(broker !== undefined && !broker.isEncrypted
      ? [
          t(
            `到消息服务器 ${broker.address} 的传输未加密。`,
            `What goes to the broker ${broker.address} is not encrypted.`,
          ),
        ]
      : []),
    ...webhooks
      .filter(({ isEncrypted }) => !isEncrypted)
      .map(({ host }) =>
        t(`到网络回调 ${host} 的传输未加密。`, `What is posted to ${host} is not encrypted.`),
      ),
    ...(kept.exportTo === undefined
      ? []
      : [
          t(
            `日志到期前被导出到 ${kept.exportTo}：那里的保存期需另行规定。`,
            `Days are exported to ${kept.exportTo} before they are dropped: how long they are kept there must be laid down apart.`,
          ),
        ]),
    ...(kept.scenes !== undefined && kept.scenes.metres < 0.25
      ? [
          t(
            `位置保存得比默认的 0.25 米更细（${kept.scenes.metres} 米）。`,
            `Positions are kept more finely (${kept.scenes.metres} m) than the usual 0.25 m.`,
          ),
        ]
      : []),
    ...(kept.days > 30
      ? [
          t(
            `日志保存 ${kept.days} 天，比默认的 30 天长。`,
            `The journal is kept for ${kept.days} days, which is longer than the usual 30.`,
          ),
        ]
      : []),
  ];
}
