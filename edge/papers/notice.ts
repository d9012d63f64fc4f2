import type { Facts } from './facts.ts';
import { givenOr, html, type Language, sheet } from './sheet.ts';
import { branchName, briefly, fewOf, inARow, shortHost, watchedNames } from './told.ts';

/** A camera, and people as dots. */
const drawing = html`<svg viewBox="0 0 100 100" aria-hidden="true" fill="none" stroke="#fff" stroke-width="4">
<path d="M14 14h46v24H14zM60 20l18-8v28l-18-8M30 38v10" stroke-linejoin="round"/>
<path d="M10 92L30 60h44l18 32z" stroke-linejoin="round"/>
<g fill="#fff" stroke="none"><circle cx="38" cy="70" r="4"/><circle cx="60" cy="68" r="4"/><circle cx="50" cy="82" r="4.5"/><circle cx="72" cy="83" r="4.5"/></g>
</svg>`;

const mostNames = 8;
const mostHosts = 3;
/** What fits in large letters, in widths of a Latin one: measured with Chromium, the longest notice beside. */
const mostWidth = { zh: 700, en: 1_080 } as const;

/** A Chinese letter is as wide as two others. */
const widthOf = (texts: readonly string[]): number => texts.join('').replaceAll(/[^\x20-\x7e]/g, 'WW').length;

/**
 * The notice to hang at the door, one A4 page: what the cameras are for, what they see and what not, how long anything
 * is kept, who gets it, and who answers for it. PIPL Art. 17 and 26, GDPR Art. 13.
 */
export function notice(facts: Facts, language: Language): string {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { cameras, kept, given, broker, webhooks, homeAssistant, fleet } = facts;
  const names = watchedNames(facts, language);
  const hosts = [
    ...(broker === undefined ? [] : [shortHost(new URL(broker.address).host)]),
    ...webhooks.map(({ host }) => shortHost(host)),
    ...(homeAssistant ? ['Home Assistant'] : []),
    ...(fleet ? [t('银行总部（仅数字）', 'the head office (counts alone)')] : []),
  ];
  const where =
    names.length === 0
      ? t('大厅', 'the lobby')
      : t(`大厅，包括${fewOf(names, mostNames, 'zh')}`, `the lobby: ${fewOf(names, mostNames, 'en')}`);
  const rows: readonly (readonly [string, string | ReturnType<typeof html>])[] = [
    [
      t('为什么', 'Why'),
      t(
        `帮助员工${inARow(briefly(facts, 'zh'), 'zh')}。`,
        `So that staff can ${inARow(briefly(facts, 'en'), 'en')}.`,
      ),
    ],
    [
      t('看哪里', 'Where'),
      t(
        `${cameras.length} 台摄像头，看${where}。`,
        `${cameras.length === 1 ? 'One camera looks' : `${cameras.length} cameras look`} at ${where}.`,
      ),
    ],
    [
      t('看到什么', 'What is seen'),
      t(
        `有几位、在哪个区域、等了多久。每个人只是一个点${facts.heads ? '；像在找路的人，还看头朝向哪边，不看面部' : ''}。`,
        `How many people, in which zone, for how long. Each is a dot, no more${facts.heads ? '. Of those who seem lost it is seen which way their head is turned, and not their face' : ''}.`,
      ),
    ],
    [
      t('不看什么', 'What is not'),
      t(
        '不识别人脸，不判断年龄、性别或身份，不录像，不录音，不保存画面。',
        'No face is recognised, and no age, sex or identity made out. Nothing is filmed or recorded, and no picture is kept.',
      ),
    ],
    [
      t('保存多久', 'How long'),
      kept.scenes === undefined
        ? t(
            `日志最多保存 ${kept.days} 天，不含人的位置。`,
            `A journal is kept for ${kept.days} days at most, without where anybody stood.`,
          )
        : t(
            `日志最多保存 ${kept.days} 天，其中人的位置只精确到 ${kept.scenes.metres} 米，不知是谁。`,
            `A journal is kept for ${kept.days} days at most. In it are dots where people stood, to ${kept.scenes.metres} m, and not who they were.`,
          ),
    ],
    [
      t('谁会看到', 'Who gets it'),
      html`${t(
        '当班员工的手表收到提示；有权限的员工可以查看控制台。',
        'Watches of staff on duty get prompts; staff who are let in see a console.',
      )}${
        hosts.length === 0
          ? t('此外不发送给任何人。', ' It is sent to nobody else.')
          : t(
              `提示还发送至：${fewOf(hosts, mostHosts, 'zh')}。`,
              ` Prompts are sent to ${fewOf(hosts, mostHosts, 'en')} besides.`,
            )
      }${
        kept.exportTo === undefined
          ? ''
          : t(
              '日志到期前导出，另行保存。',
              ' The journal is exported before it is dropped, and kept elsewhere.',
            )
      }`,
    ],
    [
      t('负责人', 'Who answers for it'),
      givenOr(given.controller, t('个人信息处理者名称', 'name of the controller'), language),
    ],
    [
      t('联系方式', 'How to reach them'),
      givenOr(given.contact, t('电话、邮箱或地址', 'telephone, e-mail or address'), language),
    ],
    [
      t('您的权利', 'Your rights'),
      t(
        '您可以询问、查阅、提出异议，也可以向监管部门投诉。系统不识别身份，无法按姓名查找记录。',
        'You may ask, see what is kept, object, and complain to the authority. The box knows nobody, so it cannot find records by a name.',
      ),
    ],
  ];
  return sheet({
    language,
    kind: 'poster',
    isDense:
      widthOf(rows.map(([, what]) => (typeof what === 'string' ? what : what.html))) > mostWidth[language],
    title: t(`告示：${branchName(facts.branch)} 网点`, `Notice: ${branchName(facts.branch)} branch`),
    body: html`<header>${drawing}<div><h1>${t('本大厅用摄像头协助接待', 'Cameras help our staff in this lobby')}</h1>
<p>${t('只看人在哪里、等了多久，不看是谁。', 'They see where people are and how long they wait. They do not see who.')}</p></div></header>
<main><dl>${rows.map(([name, what]) => html`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl></main>
<footer>${t(
      `依据网点文件 ${facts.branch} 的设置生成，指纹 ${facts.fingerprint}，lobby-sense ${facts.version}，${facts.madeOn}。设置变更后请重新生成。`,
      `Made from the settings of the branch file ${facts.branch}, fingerprint ${facts.fingerprint}, lobby-sense ${facts.version}, ${facts.madeOn}. Make it again when they change.`,
    )}</footer>`,
  });
}
