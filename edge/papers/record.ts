import type { Facts } from './facts.ts';
import {
  blank,
  givenOr,
  grid,
  type Html,
  html,
  type Language,
  list,
  section,
  sheet,
  table,
} from './sheet.ts';
import {
  branchName,
  dataOf,
  hoursOf,
  inARow,
  keptOf,
  purposesOf,
  recipientsOf,
  watchedNames,
  zoneKind,
} from './told.ts';

/** A zone that is called what it is has its name alone. */
const nameAndKind = (name: string, kind: string, before: string, after: string): string =>
  name.toLowerCase() === kind.toLowerCase() ? name : `${name}${before}${kind}${after}`;

/** Where it looks, as both formal papers say it. */
export function placesOf(facts: Facts, language: Language): readonly (readonly [string, string | Html])[] {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const ignored = facts.zones.filter(({ kind }) => kind === 'ignore').length;
  return [
    [t('网点', 'Branch'), branchName(facts.branch)],
    [
      t('摄像头', 'Cameras'),
      t(
        `${facts.cameras.length} 台：${inARow(
          facts.cameras.map(({ id }) => id),
          'zh',
        )}`,
        `${facts.cameras.length}: ${inARow(
          facts.cameras.map(({ id }) => id),
          'en',
        )}`,
      ),
    ],
    [
      t('区域', 'Zones'),
      html`${
        facts.zones.length === 0
          ? t('没有画出区域', 'none is drawn')
          : t(
              `${facts.zones.length} 个：${inARow(
                facts.zones.map(({ name, kind }) => nameAndKind(name.zh, zoneKind(kind, 'zh'), '（', '）')),
                'zh',
              )}`,
              `${facts.zones.length}: ${inARow(
                facts.zones.map(({ name, kind }) => nameAndKind(name.en, zoneKind(kind, 'en'), ' (', ')')),
                'en',
              )}`,
            )
      }${ignored === 0 ? '' : t(`。其中 ${ignored} 个不计人数`, `. In ${ignored} of them nobody is counted`)}`,
    ],
    [
      t('时段', 'Hours'),
      facts.hours === undefined
        ? t('不限时段', 'at all hours')
        : t(
            `提示：${hoursOf(facts, 'zh')}。摄像头在营业时间之外也看，但不提示。`,
            `Prompts: ${hoursOf(facts, 'en')}. Outside these hours the cameras are looked at too, and nothing is said.`,
          ),
    ],
  ];
}

/** What protects it, by code and by this configuration. */
export function measuresOf(facts: Facts, language: Language): readonly string[] {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { pages, broker } = facts;
  return [
    t(
      '画面在网点内的主机上处理，离开主机的只有本文所列内容。',
      'Pictures are looked at on a box in the branch; what leaves it is what this paper lists.',
    ),
    t(
      '没有字段可以存放画面、人脸特征或身份；字段清单和检验它们的测试见随产品提供的 docs/privacy.md。',
      'There is no field for a picture, features of a face, or an identity; docs/privacy.md, which comes with the product, lists the fields and the tests that hold them.',
    ),
    t('到访编号随机产生，重启后不再有意义。', 'Stays have random names, which mean nothing after a restart.'),
    t(
      '数据文件夹只有运行服务的用户可以读写；控制台令牌只保存其指纹。',
      "The data folder is for the service's own user alone; of tokens for the console fingerprints are kept.",
    ),
    t(
      '控制台需要令牌，分三种角色；更改设置会记录令牌、时间和理由。',
      'The console asks for a token, of three roles; a change of settings is recorded with token, time and reason.',
    ),
    pages.isThisMachine
      ? t('页面只在主机本身（127.0.0.1）提供。', 'Pages are served to the box itself alone (127.0.0.1).')
      : pages.isEncrypted
        ? t(
            `页面和消息经 TLS 加密，地址 ${pages.host}。`,
            `Pages and messages are encrypted by TLS, at ${pages.host}.`,
          )
        : t(
            `页面和消息在 ${pages.host} 提供，未加密。`,
            `Pages and messages are served at ${pages.host}, not encrypted.`,
          ),
    ...(pages.asksForCertificates
      ? [
          t(
            '只有持有指定客户端证书的设备可以连接。',
            'Only devices with a client certificate of its own are let in.',
          ),
        ]
      : []),
    ...(pages.watchesLogIn && broker === undefined ? [t('手表需要登录。', 'Watches log in.')] : []),
  ];
}

/** The last lines of a formal paper: from what it was made. */
export const madeFrom = (facts: Facts, language: Language): Html =>
  html`<footer>${
    language === 'zh'
      ? `由 lobby-sense ${facts.version} 于 ${facts.madeOn} 依据网点文件 ${facts.branch}（指纹 ${facts.fingerprint}）和运行选项生成。设置变更后请重新生成。虚线框由负责人填写；本文不是法律意见。`
      : `Made by lobby-sense ${facts.version} on ${facts.madeOn} from the branch file ${facts.branch} (fingerprint ${facts.fingerprint}) and the options it is run with. Make it again when they change. Dashed boxes are for whoever answers for the data to fill in; this paper is no legal advice.`
  }</footer>`;

/** The record of processing: GDPR Art. 30(1); in China for the record that PIPL Art. 55 and 56 ask to keep. */
export function record(facts: Facts, language: Language): string {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { given } = facts;
  const { made, never } = dataOf(facts, language);
  const title = t('个人信息处理活动记录', 'Record of processing activities');
  const fill = (zh: string, en: string) => blank(t(zh, en), language);
  return sheet({
    language,
    kind: 'formal',
    title: `${title}: ${branchName(facts.branch)}`,
    body: html`<header><h1>${title}</h1><p>${t(
      `大厅接待提示，${branchName(facts.branch)} 网点。《个人信息保护法》第五十五、五十六条；GDPR 第 30 条。`,
      `Prompts for the staff of a lobby, ${branchName(facts.branch)} branch. GDPR Art. 30; PIPL Art. 55 and 56.`,
    )}</p></header>
${section(
  t('一、谁负责', '1. Who answers for it'),
  table([
    [
      t('个人信息处理者', 'Controller'),
      givenOr(given.controller, t('名称和地址', 'name and address'), language),
    ],
    [t('联系方式', 'Contact'), givenOr(given.contact, t('电话、邮箱', 'telephone, e-mail'), language)],
    [
      t('个人信息保护负责人', 'Data protection officer'),
      givenOr(given.officer, t('姓名和联系方式，如有', 'name and contact, if there is one'), language),
    ],
    [t('共同处理者、境外代表', 'Joint controllers, representative'), fill('如有', 'if there are any')],
    [
      t('受托人', 'Processors'),
      fill('安装和维护单位，如能接触数据', 'whoever installs and maintains the box, if they can reach data'),
    ],
  ]),
)}
${section(
  t('二、目的和依据', '2. Purposes and basis'),
  list(purposesOf(facts, language)),
  html`<p>${t('不对个人作决定：提示只是请员工去某个区域看看。', 'Nothing is decided about a person: a prompt asks a member of staff to go to a place.')}</p>`,
  table([
    [
      t('合法性基础', 'Legal basis'),
      givenOr(given.basis, t('负责人确定的依据及理由', 'the basis relied on, and why'), language),
    ],
  ]),
)}
${section(t('三、看哪里', '3. Where it looks'), table(placesOf(facts, language)))}
${section(
  t('四、涉及谁，哪些数据', '4. Of whom, and which data'),
  table([
    [
      t('涉及的人', 'Data subjects'),
      t(
        '进入大厅的每一个人，包括客户、访客和员工；佩戴手表的员工。',
        'Everybody who enters the lobby: customers, visitors and staff; staff who wear a watch.',
      ),
    ],
    [t('产生的数据', 'Data'), list(made)],
    [t('不产生、不保存', 'Not made, not kept'), inARow(never, language)],
    [t('敏感个人信息', 'Special categories'), t('不产生生物识别信息。', 'No biometric data are made.')],
  ]),
)}
${section(
  t('五、提供给谁', '5. Recipients'),
  grid([t('接收方', 'Recipient'), t('内容', 'What')], recipientsOf(facts, language)),
  table([
    [
      t('向境外提供', 'Transfers to other countries'),
      fill(
        '上述接收方是否在境外；如有，依据是什么',
        'whether any of these is in another country, and on what basis',
      ),
    ],
  ]),
)}
${section(t('六、保存多久', '6. How long it is kept'), grid([t('内容', 'What'), t('期限', 'How long')], keptOf(facts, language)))}
${section(t('七、安全措施', '7. Security'), list(measuresOf(facts, language)), table([[t('其他措施', 'Further measures'), fill('机房、网络、人员、培训', 'room, network, people, training')]]))}
${section(
  t('八、告知和权利', '8. Notice and rights'),
  table([
    [
      t('告知', 'Notice'),
      t(
        `门口告示：${watchedNames(facts, language).length === 0 ? '大厅' : '大厅各入口'}。`,
        'The notice at each door of the lobby.',
      ),
    ],
    [
      t('权利请求', 'Requests'),
      t(
        '系统不识别身份，无法按姓名查找记录（GDPR 第 11 条）。',
        'The box knows nobody, so records cannot be found by a name (GDPR Art. 11).',
      ),
    ],
    [t('处理流程', 'Who handles them'), fill('由谁、如何答复', 'who answers, and how')],
  ]),
)}
${section(
  t('九、签署', '9. Signed'),
  table([
    [t('填写人、日期', 'Filled in by, on'), fill('姓名、日期', 'name, date')],
    [t('下次复核', 'To be looked at again'), fill('日期', 'date')],
  ]),
)}
${madeFrom(facts, language)}`,
  });
}
