import { createHash } from 'node:crypto';
import type { FiguresPayload } from '../../src/contract/figures.ts';
import type { PlanPayload } from '../../src/contract/live.ts';
import { few, withheld } from '../../src/core/figures/share.ts';
import {
  type Drawing,
  doorsOf,
  drawArrivals,
  drawCurve,
  drawHeat,
  drawQueue,
  heatBounds,
  type Shape,
} from '../pages/console/figures/drawing.ts';
import {
  amount,
  cardsOf,
  comparisonOf,
  dash,
  equalOf,
  type Info,
  notesOf,
  sentenceOf,
  type Telling,
} from '../pages/console/figures/told.ts';
import { clockWords, dayWords, type FiguresWord, periodWords, say } from '../pages/console/figures/words.ts';
import { duration, type Language } from '../pages/console/words.ts';

export interface ReportParts {
  readonly figures: FiguresPayload;
  readonly language: Language;
  /** Zones by their names, and where they lie. */
  readonly plan: Pick<PlanPayload, 'zones'>;
  readonly nameOf: (zone: string, language: Language) => string;
}

/** Ink on paper: no colour carries meaning alone, and hatching stays hatching in black and white. */
const css = `
*{box-sizing:border-box;margin:0}
body{max-width:1040px;margin:0 auto;padding:32px;background:#fff;color:#16202a;font:15px/24px system-ui,"PingFang SC","HarmonyOS Sans SC","MiSans","Noto Sans CJK SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums;line-break:strict}
header{display:flex;justify-content:space-between;gap:24px;color:#53606d;font-size:14px}
h1{margin:8px 0;font-size:24px;line-height:32px;text-wrap:pretty}
h2{margin:24px 0 4px;font-size:15px}
p.note{color:#53606d;font-size:14px;line-height:20px}
table{width:100%;margin-top:16px;border-collapse:collapse;font-size:14px;line-height:20px}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid #cdd4db;text-align:left;font-weight:400;vertical-align:baseline}
thead th{color:#53606d}
td.number{font-weight:600;white-space:nowrap}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 32px}
section{break-inside:avoid}
svg{display:block;max-width:100%;height:auto}
.chart-text{fill:#16202a;font-size:13px}
.soft,.length{fill:#53606d}
.strong{font-weight:600}
.strong,.on-map{paint-order:stroke;stroke:#fff;stroke-width:3px}
.grid-line{stroke:#cdd4db}
.target-line{stroke:#16202a;stroke-width:1.5;stroke-dasharray:5 4}
.curve{fill:none;stroke:#1b2fe0;stroke-width:2.5}
.curve.unfinished{stroke-dasharray:2 4}
.curve-point{fill:#1b2fe0}
.never-gap{fill:none;stroke:#16202a;stroke-width:1.5}
.hatching{fill:none;stroke:#72818e;stroke-width:1.5}
.wait-band{fill:#aebdf6}
.wait-band.unfinished,.door-bar.unfinished{fill-opacity:.35;stroke:#16202a;stroke-dasharray:2 3}
.wait-median{stroke:#1b2fe0;stroke-width:3}
.length-line{fill:none;stroke:#16202a;stroke-width:2}
.length-point,.change-tip{fill:#16202a}
.change-line{stroke:#16202a;stroke-dasharray:1 3}
.door-bar{stroke:#53606d}
.door-0{fill:#53606d}.door-1{fill:#9db0c4}.door-2{fill:#d5dde5}
.heat-zone{fill:none;stroke:#72818e;stroke-width:1.5}
.heat-door{stroke:#16202a;stroke-width:5}
.heat-1{fill:#d7dffb}.heat-2{fill:#aebdf6}.heat-3{fill:#8399f0}.heat-4{fill:#5a73e6}.heat-5{fill:#3449cf}.heat-6{fill:#16218f}
p.legend{display:flex;flex-wrap:wrap;gap:0 16px;font-size:13px;line-height:20px}
p.legend span{display:inline-flex;align-items:center;gap:6px}
dl{margin-top:8px;font-size:13px;line-height:20px;color:#53606d}
dt{float:left;margin-right:8px;font-weight:600}
@media print{body{max-width:none;padding:0}@page{margin:16mm}*{print-color-adjust:exact}}
`;

/** What a browser must be told to let in: these styles, and nothing else whatsoever. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function written([tag, attributes, content]: Shape): string {
  const all = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
  const inner = typeof content === 'string' ? escaped(content) : (content ?? []).map(written).join('');
  return inner === '' ? `<${tag}${all}/>` : `<${tag}${all}>${inner}</${tag}>`;
}

const svgOf = ({ width, height, label, shapes }: Drawing): string =>
  `<svg role="img" aria-label="${escaped(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${shapes.map(written).join('')}</svg>`;

/**
 * The day's report as one page that needs nothing else: to be printed, sent or kept. It says what the figures' page
 * says, with the same sentence first and the same charts.
 */
export function reportHtml({ figures, language, plan, nameOf }: ReportParts): string {
  const telling: Telling = {
    figures,
    language,
    nameOf: (zone) => nameOf(zone, language),
    isPrinted: true,
    leaves: true,
  };
  const branch = figures.branch.replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');
  const title = say(language, 'reportTitle', { branch });
  const paragraphs = (all: readonly (string | undefined)[], name = '') =>
    all.flatMap((text) => (text === undefined ? [] : [`<p${name}>${escaped(text)}</p>`])).join('\n');
  const half = { width: 480, height: 260 };
  const zones = figures.queues.map(({ zone }) => zone);
  const { came } = figures.contact;
  const isShown = figures.hasLines && came >= 5;
  const cards = cardsOf(telling);
  const { raised, passedOn } = figures.prompts;
  const endsTold = withheld(figures.prompts.ends.map((one) => one.prompts));
  const { prompts, p50Seconds, p95Seconds } = figures.latency;
  const time = (seconds: number | null) => (seconds === null ? dash : duration(seconds));
  const section = (heading: string, body: string) =>
    `<section><h2>${escaped(heading)}</h2>\n${body}</section>`;
  /** What a mark of a chart means, with the mark. */
  const legend = (marks: readonly (readonly [mark: string, words: string])[]) =>
    `<p class="legend">${marks
      .map(
        ([mark, words]) =>
          `<span><svg width="16" height="12" aria-hidden="true">${mark}</svg>${escaped(words)}</span>`,
      )
      .join('')}</p>`;
  const block = (name: string) => `<rect width="16" height="12" class="${name}"/>`;
  const unseen: readonly (readonly [string, string])[] =
    figures.unseen.zones.length + figures.unrecorded.length === 0
      ? []
      : [['<path d="M0 12L12 0M6 12L18 0" class="hatching"/>', say(language, 'unseenLegend')]];
  const doorNames = doorsOf(figures);
  const cameBy = withheld(
    doorNames.map((door) =>
      figures.hours.arrivals.filter((row) => row.door === door).reduce((all, row) => all + row.came, 0),
    ),
  );
  const doors = doorNames.map((door, index) => {
    const name = door === null ? say(language, 'doorUnknown') : nameOf(door, language);
    return [block(`door-bar door-${Math.min(index, 2)}`), `${name} ${cameBy[index] ?? dash}`] as const;
  });
  const customers = figures.heat.cells.filter(({ role }) => role === 'customers');
  const explained: readonly Info[] = ['contact', 'within', 'never', 'wait', 'buzzes', 'unseen', 'equal'];
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(`${title} · ${periodWords(figures.from, figures.to, language)}`)}</title>
<style>${css}</style>
</head>
<body>
<header><span>${escaped(title)} · ${figures.from}${figures.to === figures.from ? '' : ` – ${figures.to}`}</span><span>${escaped(
    say(language, 'reportMadeAt', {
      t: `${dayWords(dayIn(figures), language)} ${clockWords(figures.at, figures.timezone)}`,
    }),
  )}</span></header>
<h1>${escaped(sentenceOf(telling))}</h1>
${paragraphs([comparisonOf(telling)])}
${paragraphs(notesOf(telling), ' class="note"')}
${
  figures.hasLines
    ? `<table>
<thead><tr><th>${say(language, 'figure')}</th><th>${say(language, 'value')}</th><th></th><th></th><th>${figures.before === undefined ? '' : escaped(periodWords(figures.before.from, figures.before.to, language))}</th></tr></thead>
<tbody>
${cards
  .map(
    ({ title: name, main, unit, second, of, was }) =>
      `<tr><th scope="row">${escaped(name)}</th><td class="number">${escaped(`${main} ${unit}`.trim())}</td><td>${escaped(second ?? '')}</td><td>${escaped(of)}</td><td>${escaped(was ?? '')}</td></tr>`,
  )
  .join('\n')}
</tbody>
</table>`
    : ''
}
${
  isShown
    ? `<div class="pair">
${section(say(language, 'curveTitle'), svgOf(drawCurve(figures, language, half, true)))}
${section(say(language, 'arrivalsTitle'), `${svgOf(drawArrivals(figures, language, half))}\n${legend([...doors, ...unseen])}`)}
${zones
  .map((zone) =>
    section(
      `${say(language, 'queueTitle')} · ${nameOf(zone, language)}`,
      `${svgOf(drawQueue(figures, zone, language, half))}\n${legend([[block('wait-band'), say(language, 'bandLegend')], ['<path d="M0 6h16" class="length-line"/>', say(language, 'lengthLegend')], ...unseen])}`,
    ),
  )
  .join('\n')}
${
  customers.length === 0
    ? ''
    : section(
        `${say(language, 'heatTitle')} · ${say(language, 'customers')}`,
        `${svgOf(drawHeat(figures, plan, 'customers', language, half, telling.nameOf))}\n${legend(
          heatBounds(customers).map((bound, index) => [
            block(`heat-${index + 1}`),
            say(language, 'upTo', { t: amount(bound) }),
          ]),
        )}\n${figures.heat.hidden === 0 ? '' : paragraphs([say(language, 'heatHidden', { n: figures.heat.hidden })], ' class="note"')}`,
      )
}
</div>`
    : ''
}
${
  raised > 0
    ? section(
        say(language, 'endsTitle'),
        paragraphs([
          [
            say(language, 'raised', { n: few(raised) }),
            ...figures.prompts.ends.map(({ end, prompts: count, withoutTap }, index) => {
              const [untapped = dash] = withheld([withoutTap, count - withoutTap]);
              return `${say(language, `end_${end}` as FiguresWord)} ${endsTold[index] ?? dash}${end === 'met' ? `${language === 'zh' ? '，' : ', '}${say(language, 'withoutTap', { n: untapped })}` : ''}`;
            }),
            say(language, 'passedOn', { n: few(passedOn) }),
          ].join(' · '),
          prompts === 0
            ? undefined
            : say(language, 'toWrist', {
                half: p50Seconds === null ? dash : p50Seconds.toFixed(1),
                most: p95Seconds === null ? dash : p95Seconds.toFixed(1),
                n: prompts,
              }),
        ]),
      )
    : ''
}
${
  figures.hasLines
    ? section(
        say(language, 'equalTitle'),
        `${paragraphs(equalOf(telling))}\n${
          figures.equal.doors.groups.length === 0
            ? ''
            : paragraphs(
                [
                  figures.equal.doors.groups
                    .map(
                      ({ group, visits, medianSeconds }) =>
                        `${nameOf(group, language)}: ${say(language, 'halfMet')} ${time(medianSeconds)} (${few(visits)})`,
                    )
                    .join(' · '),
                ],
                ' class="note"',
              )
        }`,
      )
    : ''
}
${
  figures.hasLines
    ? `<dl>
${explained
  .map((info) => {
    const name = cards.find((card) => card.info === info)?.title ?? say(language, 'equalTitle');
    return `<dt>${escaped(name)}</dt><dd>${escaped(say(language, `${info}What` as FiguresWord))} ${escaped(say(language, `${info}Out` as FiguresWord))}</dd>`;
  })
  .join('\n')}
</dl>`
    : ''
}
</body>
</html>
`;
}

const dayIn = ({ at, timezone }: FiguresPayload): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(Date.parse(at));
