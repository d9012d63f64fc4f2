import type { Facts } from './facts.ts';
import { madeFrom, measuresOf, placesOf } from './record.ts';
import { blank, givenOr, grid, html, type Language, list, section, sheet, table } from './sheet.ts';
import {
  branchName,
  dataOf,
  inARow,
  keptOf,
  openEndsOf,
  profileDays,
  purposesOf,
  recipientsOf,
} from './told.ts';

/** Settings that bear on people rather than on prompts alone. */
const concerned = [
  'wandering.afterSeconds',
  'queue.waitSeconds',
  'contact.targetSeconds',
  'contact.withinMetres',
  'farewell.stayedSeconds',
  'prompts.mostInTenMinutes',
];

/**
 * The skeleton of an impact assessment: what the configuration answers is answered, what takes a judgement is a blank.
 * PIPL Art. 55 and 56; GDPR Art. 35(7).
 */
export function assessment(facts: Facts, language: Language): string {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const fill = (zh: string, en: string) => blank(t(zh, en), language);
  const { given, kept } = facts;
  const { made, never } = dataOf(facts, language);
  const open = openEndsOf(facts, language);
  const title = t('个人信息保护影响评估', 'Data protection impact assessment');
  const shown = facts.thresholds.filter(({ path }) => concerned.includes(path));
  const value = (one: {
    readonly value: number;
    readonly unit: { readonly zh: string; readonly en: string };
  }) => `${one.value} ${one.unit[language]}`.trim();
  return sheet({
    language,
    kind: 'formal',
    title: `${title}: ${branchName(facts.branch)}`,
    body: html`<header><h1>${title}</h1><p>${t(
      `提纲。大厅接待提示，${branchName(facts.branch)} 网点。《个人信息保护法》第五十五、五十六条；GDPR 第 35 条。`,
      `A skeleton. Prompts for the staff of a lobby, ${branchName(facts.branch)} branch. PIPL Art. 55 and 56; GDPR Art. 35.`,
    )}</p></header>
${section(
  t('一、谁评估', '1. Who assesses'),
  table([
    [t('个人信息处理者', 'Controller'), givenOr(given.controller, t('名称', 'name'), language)],
    [t('联系方式', 'Contact'), givenOr(given.contact, t('电话、邮箱', 'telephone, e-mail'), language)],
    [
      t('个人信息保护负责人的意见', 'Advice of the data protection officer'),
      fill('意见和日期', 'advice and date'),
    ],
    [
      t('是否听取员工和客户意见', 'Views of staff and customers'),
      fill('向谁、何时、结果', 'asked whom, when, and what came of it'),
    ],
  ]),
)}
${section(
  t('二、是否需要评估', '2. Whether it is needed'),
  table([
    [
      t('公共场所的图像采集', 'Cameras in a public place'),
      t('是：摄像头看网点大厅。', "Yes: cameras look at a branch's lobby."),
    ],
    [
      t('《个人信息保护法》第二十六条', 'PIPL Art. 26'),
      fill(
        '公共场所图像采集的目的限制是否适用，如何满足',
        'whether the limits on cameras in public places apply, and how they are met',
      ),
    ],
    [
      t(
        '系统性、大规模监测（GDPR 第 35 条第 3 款）',
        'Systematic monitoring on a large scale (GDPR Art. 35(3)(c))',
      ),
      fill('每日客流和判断', 'people a day, and the judgement'),
    ],
    [
      t('敏感个人信息', 'Sensitive or special data'),
      t('不产生生物识别信息。', 'No biometric data are made.'),
    ],
    [
      t('自动化决策', 'Automated decisions'),
      t('没有：提示只请员工去某个区域。', 'None: a prompt asks a member of staff to go to a place.'),
    ],
    [
      t('员工', 'Staff'),
      fill(
        '手表记录上岗和答复，是否构成对员工的监测',
        'watches record duty and answers: whether that monitors staff',
      ),
    ],
  ]),
)}
${section(
  t('三、处理的描述', '3. What is done'),
  html`<h3>${t('目的', 'Purposes')}</h3>`,
  list(purposesOf(facts, language)),
  html`<h3>${t('地点和时段', 'Where and when')}</h3>`,
  table(placesOf(facts, language)),
  html`<h3>${t('数据', 'Data')}</h3>`,
  list(made),
  html`<p>${t('不产生、不保存：', 'Not made, not kept: ')}${inARow(never, language)}${t('。', '.')}</p>`,
  html`<h3>${t('提供给谁', 'Recipients')}</h3>`,
  grid([t('接收方', 'Recipient'), t('内容', 'What')], recipientsOf(facts, language)),
  html`<h3>${t('保存多久', 'How long it is kept')}</h3>`,
  grid([t('内容', 'What'), t('期限', 'How long')], keptOf(facts, language)),
  html`<h3>${t('与人有关的设置', 'Settings that bear on people')}</h3>`,
  grid(
    [
      t('设置', 'Setting'),
      t('现值', 'Value'),
      ...(facts.profiles.length === 0 ? [] : [t('其他日子', 'On other days')]),
    ],
    shown.map((one) => [
      one.title[language],
      value(one),
      ...(facts.profiles.length === 0
        ? []
        : [
            facts.profiles
              .flatMap(({ name, days, changes }) => {
                const other = changes.find(({ title }) => title.en === one.title.en);
                return other === undefined
                  ? []
                  : [
                      t(
                        `${name.zh}（${profileDays(days, 'zh')}）：${value(other)}`,
                        `${name.en} (${profileDays(days, 'en')}): ${value(other)}`,
                      ),
                    ];
              })
              .join(t('；', '; ')),
          ]),
    ]),
  ),
)}
${section(
  t('四、合法、正当、必要', '4. Lawful, necessary, in proportion'),
  table([
    [
      t('合法性基础', 'Legal basis'),
      givenOr(given.basis, t('依据及理由', 'the basis relied on, and why'), language),
    ],
    [
      t('不用摄像头能否达到目的', 'Could it be done without cameras'),
      fill('考虑过的其他办法', 'what else was considered'),
    ],
    [
      t('最少的数据', 'As little as possible'),
      kept.scenes === undefined
        ? t(
            '画面不保存，位置不保存，导出和发送的内容按区域计数。',
            'No picture is kept and no position; what is sent counts by zone.',
          )
        : t(
            `画面不保存；位置以 ${kept.scenes.metres} 米的精度保存。可以用 journal.sceneSeconds: 0 不保存位置。`,
            `No picture is kept; positions are kept to ${kept.scenes.metres} m. With journal.sceneSeconds: 0 none are.`,
          ),
    ],
    [
      t('为何需要保存这么久', 'Why it is kept so long'),
      fill(`${kept.days} 天的理由`, `the reason for ${kept.days} ${kept.days === 1 ? 'day' : 'days'}`),
    ],
    [
      t('是否覆盖不必要的地方', 'Whether it looks farther than needed'),
      fill('街道、柜台、私密空间', 'street, counters, private spaces'),
    ],
  ]),
)}
${section(
  t('五、对个人的影响和风险', '5. Risks to people'),
  html`<p>${t('可能性和严重程度由评估人判断。', 'How likely and how severe is for the assessor to judge.')}</p>`,
  grid(
    [t('风险', 'Risk'), t('产品如何应对', 'What the product does'), t('判断', 'Judgement')],
    [
      [
        t('有人被认出', 'Somebody is recognised'),
        t(
          '没有人脸、身份或画面的字段；到访编号随机，不能跨重启关联。',
          'No field for a face, an identity or a picture; stays have random names that cannot be linked over a restart.',
        ),
        fill('可能性、程度', 'likely, severe'),
      ],
      [
        t('从位置和时间推知是谁', 'Somebody is told by where and when they stood'),
        kept.scenes === undefined
          ? t(
              '位置不保存；到达和离开时间保存在日志里。',
              'Positions are not kept; times of coming and leaving are in the journal.',
            )
          : t(
              `位置精确到 ${kept.scenes.metres} 米，保存 ${kept.days} 天；与其他录像或交易对照时仍可能推知。`,
              `Positions to ${kept.scenes.metres} m are kept for ${kept.days} days; compared with other recordings or transactions, they may still tell.`,
            ),
        fill('可能性、程度', 'likely, severe'),
      ],
      [
        t('客户被区别对待', 'Customers are treated unequally'),
        t(
          '日报检验不同门和时段的接待时间是否有超出偶然的差别；年龄、性别、衣着不参与。',
          "The day's report tests whether contact times differ by door or hour more than chance explains; age, sex and clothing are not known.",
        ),
        fill('可能性、程度', 'likely, severe'),
      ],
      [
        t('用于监测员工', 'Staff are monitored by it'),
        t(
          '手表编号随机，由手表自己产生；日志有岗位、上岗时间和答复。',
          'Names of watches are random and their own; the journal has roles, times of duty and answers.',
        ),
        fill('可能性、程度', 'likely, severe'),
      ],
      [
        t('有人侵入主机', 'Somebody gets into the box'),
        t(
          '能取得的是本文所列内容；没有可取的画面库。',
          'They would find what this paper lists; there is no store of pictures to be taken.',
        ),
        fill('可能性、程度', 'likely, severe'),
      ],
      [fill('其他风险', 'another risk'), '', fill('可能性、程度', 'likely, severe')],
    ],
    'risks',
  ),
  html`<h3>${t('这份配置留下的问题', 'What this configuration leaves open')}</h3>`,
  open.length === 0
    ? html`<p>${t('从配置看没有发现。', 'Nothing is seen from the configuration.')}</p>`
    : open.map((one) => html`<p class="open">${one} ${fill('如何处理', 'what is done about it')}</p>`),
)}
${section(
  t('六、保护措施', '6. Measures'),
  list(measuresOf(facts, language)),
  table([
    [t('其他措施', 'Further measures'), fill('机房、网络、人员、培训', 'room, network, people, training')],
    [t('措施是否与风险相称', 'Whether they answer the risks'), fill('判断', 'judgement')],
  ]),
)}
${section(
  t('七、结论', '7. Conclusion'),
  table([
    [
      t('剩余风险', 'Risk that is left'),
      fill('判断；是否需要事先咨询监管部门', 'judgement; whether the authority must be consulted first'),
    ],
    [t('决定', 'Decision'), fill('采用、修改后采用、不采用', 'go ahead, go ahead with changes, do not')],
    [t('签署', 'Signed'), fill('姓名、日期', 'name, date')],
    [
      t('保存', 'Kept'),
      t(
        '评估报告和处理情况记录至少保存三年（《个人信息保护法》第五十六条）。',
        'The report and the record of processing are kept for three years at least (PIPL Art. 56).',
      ),
    ],
    [
      t('下次复核', 'To be looked at again'),
      fill('日期；设置变更时提前', 'date; sooner when settings change'),
    ],
  ]),
)}
${madeFrom(facts, language)}`,
  });
}
