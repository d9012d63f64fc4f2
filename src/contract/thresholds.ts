import { z } from 'zod';

/** A phrase in both languages of the console. */
export interface InBoth {
  readonly zh: string;
  readonly en: string;
}

/** What settings are counted in. `mark` stands after a number; a count of things has none in English, where it would take a plural. */
export const settingUnits = {
  seconds: { zh: '秒', en: 'seconds', mark: { zh: '秒', en: 's' } },
  metres: { zh: '米', en: 'metres', mark: { zh: '米', en: 'm' } },
  percent: { zh: '%', en: 'percent', mark: { zh: '%', en: '%' } },
  people: { zh: '人', en: 'people', mark: { zh: '人', en: '' } },
  stays: { zh: '次', en: 'stays', mark: { zh: '次', en: '' } },
  prompts: { zh: '条', en: 'prompts', mark: { zh: '条', en: '' } },
  days: { zh: '天', en: 'days', mark: { zh: '天', en: '' } },
  megabytes: { zh: '兆字节', en: 'megabytes', mark: { zh: '兆字节', en: '' } },
} as const;
export type SettingUnit = keyof typeof settingUnits;

/**
 * What a person is told of a setting, beside its type, range and default, which are its schema's. `less` and `more`
 * say what happens when it goes each way; `takesEffect` when a change is felt; `step` is what a slider moves by.
 */
export interface Setting {
  readonly title: InBoth;
  readonly unit: SettingUnit;
  readonly step: number;
  readonly less: InBoth;
  readonly more: InBoth;
  readonly takesEffect: 'at once' | 'at restart';
}

type Numbers = z.ZodDefault<z.ZodNumber>;

/** Words an editor shows beside a setting, from one declaration. */
export const setting = <Schema extends Numbers>(schema: Schema, words: Setting): Schema => {
  const { minValue, maxValue } = schema.unwrap();
  return schema.meta({
    title: words.title.en,
    description: `${words.title.en}, in ${words.unit}, ${minValue} to ${maxValue}. ${words.less.en} ${words.more.en} Takes effect ${words.takesEffect}.`,
    setting: words,
  }) as Schema;
};

/** What a group of settings is called. */
const called = (zh: string, en: string) => ({ title: en, group: { zh, en } });

/** Every threshold operations may tune: one declaration for type, default, unit, range and words. */
export const thresholdsSchema = z
  .strictObject({
    wandering: z
      .strictObject({
        afterSeconds: setting(z.number().min(5).max(600).default(25), {
          title: {
            zh: '客户在大厅多久算需要引导',
            en: 'Time in the open hall before a customer counts as looking around',
          },
          unit: 'seconds',
          step: 1,
          less: {
            zh: '更短：更早有人去帮忙，但只是在找单据的人也会被询问。',
            en: 'Shorter: help comes sooner, and people who are only finding their form are asked.',
          },
          more: { zh: '更长：提示更少，有些会太晚。', en: 'Longer: fewer prompts, some too late.' },
          takesEffect: 'at once',
        }),
      })
      .meta(called('引导', 'Looking around'))
      .prefault({}),
    queue: z
      .strictObject({
        waitSeconds: setting(z.number().min(10).max(3600).default(180), {
          title: { zh: '排队多久后去询问需求', en: 'Time in a queue before it is asked what it needs' },
          unit: 'seconds',
          step: 5,
          less: {
            zh: '更短：本来会自己前进的队伍也会多出提示。',
            en: 'Shorter: more prompts for queues that move by themselves.',
          },
          more: { zh: '更长：有人等着却没人询问。', en: 'Longer: people wait unasked.' },
          takesEffect: 'at once',
        }),
        length: setting(z.int().min(1).max(100).default(5), {
          title: { zh: '排队达到几人后去询问需求', en: 'People in a queue before it is asked what it needs' },
          unit: 'people',
          step: 1,
          less: { zh: '更少：平常时段提示更多。', en: 'Fewer: more prompts at ordinary hours.' },
          more: { zh: '更多：只有真正拥挤时才提示。', en: 'More: only real crowds are told.' },
          takesEffect: 'at once',
        }),
        awaySeconds: setting(z.number().min(0).max(600).default(45), {
          title: {
            zh: '暂时离队的人，位置保留多久',
            en: 'Time for which a place in a queue is kept for whoever steps out of it',
          },
          unit: 'seconds',
          step: 5,
          less: {
            zh: '更短：去拿一张单据就要重新排队。',
            en: 'Shorter: who fetches a form begins to wait anew.',
          },
          more: { zh: '更长：放弃排队的人更晚才知道。', en: 'Longer: who gave up is known later.' },
          takesEffect: 'at once',
        }),
      })
      .meta(called('排队', 'Queues'))
      .prefault({}),
    contact: z
      .strictObject({
        withinMetres: setting(z.number().min(0.5).max(5).default(1.6), {
          title: { zh: '员工与客户相距多近才算接待', en: 'How near staff and customer must be to have met' },
          unit: 'metres',
          step: 0.1,
          less: {
            zh: '更近：隔着柜台的真实接待会漏掉。',
            en: 'Nearer: true contacts across a desk are missed.',
          },
          more: { zh: '更远：路过也会算作接待。', en: 'Farther: walking past counts as meeting.' },
          takesEffect: 'at once',
        }),
        forSeconds: setting(z.number().min(0.5).max(60).default(2), {
          title: { zh: '相距这么近要保持多久', en: 'How long they must be that near' },
          unit: 'seconds',
          step: 0.5,
          less: { zh: '更短：路过也会算作接待。', en: 'Shorter: walking past counts as meeting.' },
          more: {
            zh: '更长：简短交谈会漏掉，提示会留在手表上。',
            en: 'Longer: a quick word is missed, and the prompt stays on the wrist.',
          },
          takesEffect: 'at once',
        }),
        targetSeconds: setting(z.number().min(1).max(600).default(30), {
          title: { zh: '网点的首次接待目标用时', en: 'Time to first contact that the branch aims for' },
          unit: 'seconds',
          step: 1,
          less: { zh: '更短：显示为超时的客户更多。', en: 'Shorter: more customers are shown as late.' },
          more: {
            zh: '更长：更少。只改变数据，不改变提示。',
            en: 'Longer: fewer. It changes figures, not prompts.',
          },
          takesEffect: 'at once',
        }),
      })
      .meta(called('接待', 'Contact'))
      .prefault({}),
    crowded: z
      .strictObject({
        people: setting(z.int().min(2).max(500).default(20), {
          title: {
            zh: '大厅达到多少客户时请负责人支援',
            en: 'Customers in the lobby from which the branch head is asked for help',
          },
          unit: 'people',
          step: 1,
          less: { zh: '更少：平常时段也会请负责人。', en: 'Fewer: the head is called at ordinary hours.' },
          more: { zh: '更多：只有大厅真正坐满时才说。', en: 'More: only a full lobby is told.' },
          takesEffect: 'at once',
        }),
        peoplePerStaff: setting(z.int().min(1).max(100).default(12), {
          title: {
            zh: '每名员工对应多少客户时请负责人支援',
            en: 'Customers to one member of staff from which the branch head is asked for help',
          },
          unit: 'people',
          step: 1,
          less: {
            zh: '更少：同事只是去了后台，也会请负责人。',
            en: 'Fewer: the head is called when a colleague is merely in the back.',
          },
          more: {
            zh: '更多：独自在大厅的员工要独自应付更久。',
            en: 'More: whoever is alone in the hall is left alone with it for longer.',
          },
          takesEffect: 'at once',
        }),
        forSeconds: setting(z.number().min(5).max(1800).default(60), {
          title: { zh: '大厅这么满要持续多久', en: 'How long the lobby must be that full' },
          unit: 'seconds',
          step: 5,
          less: {
            zh: '更短：路过的旅行团也会惊动负责人。',
            en: 'Shorter: a tour group that passes through calls the head.',
          },
          more: { zh: '更长：支援来得晚。', en: 'Longer: help comes late.' },
          takesEffect: 'at once',
        }),
      })
      .meta(called('人多', 'Crowded'))
      .prefault({}),
    unattended: z
      .strictObject({
        forSeconds: setting(z.number().min(10).max(3600).default(120), {
          title: {
            zh: '大厅有客户而没有员工，多久后提示',
            en: 'How long customers may be in the hall without any staff before it is said',
          },
          unit: 'seconds',
          step: 5,
          less: {
            zh: '更短：去后台拿一张单据也会提示。',
            en: 'Shorter: fetching a form from the back is told.',
          },
          more: { zh: '更长：客户独自等待更久。', en: 'Longer: customers stand alone for longer.' },
          takesEffect: 'at once',
        }),
      })
      .meta(called('无人接待', 'No staff in the hall'))
      .prefault({}),
    divert: z
      .strictObject({
        length: setting(z.int().min(1).max(100).default(4), {
          title: {
            zh: '排队达到几人后，请一部分人去空闲的地方',
            en: 'People in a queue from which some are sent to a place that is free',
          },
          unit: 'people',
          step: 1,
          less: {
            zh: '更少：本来会自己前进的队伍也会被拆开。',
            en: 'Fewer: queues that move by themselves are broken up.',
          },
          more: { zh: '更多：旁边空着，人还在排队。', en: 'More: people wait beside a free place.' },
          takesEffect: 'at once',
        }),
        waitSeconds: setting(z.number().min(30).max(3600).default(300), {
          title: {
            zh: '预计等候多久后请一部分人去空闲的地方，不论队伍多短',
            en: 'Expected wait from which some are sent to a place that is free, however short the queue',
          },
          unit: 'seconds',
          step: 10,
          less: { zh: '更短：更多人被请走，省的时间不多。', en: 'Shorter: more are sent for a small gain.' },
          more: { zh: '更长：短而慢的队伍没人管。', en: 'Longer: a short but slow queue is left to itself.' },
          takesEffect: 'at once',
        }),
        freeForSeconds: setting(z.number().min(5).max(600).default(20), {
          title: { zh: '另一处要空闲多久才算空闲', en: 'How long the other place must have been free' },
          unit: 'seconds',
          step: 5,
          less: {
            zh: '更短：人走到时那里已经有人。',
            en: 'Shorter: people are sent to a place that is taken when they get there.',
          },
          more: { zh: '更长：那里会空得更久。', en: 'Longer: it stands free for longer.' },
          takesEffect: 'at once',
        }),
      })
      .meta(called('分流', 'Sending elsewhere'))
      .prefault({}),
    patrol: z
      .strictObject({
        people: setting(z.int().min(2).max(200).default(6), {
          title: {
            zh: '待接待的客户达到多少时，不再逐一提示，改为巡视',
            en: 'Customers not yet greeted from which greeting each gives way to going round',
          },
          unit: 'people',
          step: 1,
          less: {
            zh: '更少：还能逐一接待时就请巡视。',
            en: 'Fewer: rounds are asked for when each could still be greeted.',
          },
          more: {
            zh: '更多：手表为每位客户振动的时间更长。',
            en: 'More: the wrist buzzes for each for longer.',
          },
          takesEffect: 'at once',
        }),
        afterSeconds: setting(z.number().min(10).max(3600).default(90), {
          title: {
            zh: '一个区域的客户多久没见到员工才值得巡视',
            en: 'How long customers in an area must have seen no staff before it is worth a round',
          },
          unit: 'seconds',
          step: 5,
          less: {
            zh: '更短：巡视更多，员工刚走过的地方也会去。',
            en: 'Shorter: more rounds, also where staff were a moment ago.',
          },
          more: { zh: '更长：有些区域更久没有人去。', en: 'Longer: some areas see nobody for longer.' },
          takesEffect: 'at once',
        }),
        everySeconds: setting(z.number().min(30).max(3600).default(300), {
          title: { zh: '两次巡视提示至少相隔多久', en: 'Least time from one hint to go round to the next' },
          unit: 'seconds',
          step: 10,
          less: { zh: '更短：最忙的时候振动更多。', en: 'Shorter: more buzzes in the busiest hour.' },
          more: {
            zh: '更长：振动更少，区域可能要等一等。',
            en: 'Longer: fewer, and an area may wait its turn.',
          },
          takesEffect: 'at once',
        }),
      })
      .meta(called('巡视', 'Going round'))
      .prefault({}),
    machines: z
      .strictObject({
        shortPercent: setting(z.int().min(10).max(80).default(33), {
          title: {
            zh: '停留不到平常的多少，就算异常短',
            en: 'A stay at self-service that is this part of a usual one, or less, is unusually short',
          },
          unit: 'percent',
          step: 1,
          less: {
            zh: '更少：只有把所有人都挡回去的设备才会提示。',
            en: 'Fewer: only machines that turn everybody away are told.',
          },
          more: {
            zh: '更多：办得快的客户也会当成设备有问题。',
            en: 'More: quick customers are taken for trouble.',
          },
          takesEffect: 'at once',
        }),
        leastStays: setting(z.int().min(4).max(200).default(8), {
          title: {
            zh: '看到多少次使用后，才知道平常停留多久',
            en: 'Stays seen at a place before it is known what is usual there',
          },
          unit: 'stays',
          step: 1,
          less: { zh: '更少：更早知道，依据更少。', en: 'Fewer: known sooner, on less.' },
          more: {
            zh: '更多：少有人用的设备坏了可能没人发现。',
            en: 'More: a rarely used machine may break unnoticed.',
          },
          takesEffect: 'at once',
        }),
      })
      .meta(called('自助设备', 'Machines'))
      .prefault({}),
    farewell: z
      .strictObject({
        stayedSeconds: setting(z.number().min(5).max(3600).default(60), {
          title: {
            zh: '在贵宾区停留多久后，离开时送别',
            en: 'How long somebody must have been in a VIP zone to be seen off',
          },
          unit: 'seconds',
          step: 5,
          less: { zh: '更短：只是看了一眼的人也会送别。', en: 'Shorter: who only looked in is seen off.' },
          more: { zh: '更长：短暂来访的人没有人送别。', en: 'Longer: a short visit ends without a goodbye.' },
          takesEffect: 'at once',
        }),
      })
      .meta(called('送别', 'Seeing off'))
      .prefault({}),
    prompts: z
      .strictObject({
        mostInTenMinutes: setting(z.int().min(1).max(120).default(6), {
          title: { zh: '一块手表 10 分钟内最多几条提示', en: 'Prompts to one wrist in ten minutes' },
          unit: 'prompts',
          step: 1,
          less: {
            zh: '更少：打扰更少，有些客户不会提示。',
            en: 'Fewer: the wearer is disturbed less, and some customers are not told of.',
          },
          more: { zh: '更多：振动会渐渐没人理会。', en: 'More: buzzes come to be ignored.' },
          takesEffect: 'at once',
        }),
        sustainedInTenMinutes: setting(z.number().min(0.5).max(120).default(2), {
          title: {
            zh: '长时间保持时，一块手表 10 分钟内几条提示',
            en: 'Prompts to one wrist in ten minutes that are kept up for hours',
          },
          unit: 'prompts',
          step: 0.5,
          less: {
            zh: '更少：高峰之后手表安静更久，新到的客户合并提示。',
            en: 'Fewer: after a rush the wrist is quiet for longer, and newcomers are told of together.',
          },
          more: {
            zh: '更多：每位客户各自提示，振动会渐渐没人理会。',
            en: 'More: each is told of by itself, and buzzes come to be ignored.',
          },
          takesEffect: 'at once',
        }),
        passOnSeconds: setting(z.number().min(5).max(600).default(20), {
          title: {
            zh: '紧急提示多久无人接，就转给下一个角色',
            en: 'How long nobody may take an urgent prompt before it goes to the next role',
          },
          unit: 'seconds',
          step: 1,
          less: {
            zh: '更短：副理和负责人被叫得更多。',
            en: 'Shorter: the deputy and the branch head are called more often.',
          },
          more: {
            zh: '更长：客户等得更久。不太紧急的提示等三倍时间。',
            en: 'Longer: a customer waits longer for somebody to come. What is less urgent waits three times as long.',
          },
          takesEffect: 'at once',
        }),
      })
      .meta(called('手表提示', 'Prompts to a wrist'))
      .prefault({}),
  })
  .prefault({});

export type ThresholdSettings = z.infer<typeof thresholdsSchema>;
