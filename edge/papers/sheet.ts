/** A piece of a page in which everything from outside has been escaped. */
export interface Html {
  readonly html: string;
}
export type Part = Html | string | number | undefined | readonly Part[];

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

function written(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (isHtml(part)) return part.html;
  return part.map(written).join('');
}

const isHtml = (part: Html | readonly Part[]): part is Html => !Array.isArray(part);

/**
 * Markup with parts put in. A text is escaped, whatever it holds; only what this made before is taken as it is.
 *
 * @example
 * ```ts
 * html`<b>${'<i>'}</b>`.html; // '<b>&lt;i&gt;</b>'
 * ```
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((one, index) => one + written(parts[index])).join('') };
}

export type Language = 'zh' | 'en';

/** A blank that somebody fills in by hand, or before printing: what the product cannot know. */
export const blank = (label: string, language: Language): Html =>
  html`<span class="blank"><span>${language === 'zh' ? '待填写：' : 'To fill in: '}${label}</span></span>`;

/** What was given, or a blank for it. */
export const givenOr = (given: string | undefined, label: string, language: Language): Html =>
  given === undefined ? blank(label, language) : html`${given}`;

/** Two columns: what is asked, and what is so. */
export const table = (rows: readonly (readonly [string, Part])[]): Html => html`<table><tbody>
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</tbody></table>`;

/** A table with a head; every cell is a part. */
export const grid = (
  head: readonly string[],
  rows: readonly (readonly Part[])[],
  name: 'grid' | 'risks' = 'grid',
): Html => html`<table class="${name}">
<thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((one, index) => (index === 0 ? html`<th scope="row">${one}</th>` : html`<td>${one}</td>`))}</tr>\n`)}</tbody></table>`;

export const list = (items: readonly Part[]): Html =>
  html`<ul>${items.filter((one) => one !== undefined).map((one) => html`<li>${one}</li>`)}</ul>`;

export const section = (title: string, ...body: readonly Part[]): Html =>
  html`<section><h2>${title}</h2>${body}</section>`;

const fonts =
  'system-ui,"PingFang SC","HarmonyOS Sans SC","MiSans","Noto Sans CJK SC","Microsoft YaHei",sans-serif';

/** Ink on paper: it says the same in black and white. */
const common = `
*{box-sizing:border-box;margin:0}
@page{size:A4}
html{background:#fff;color:#16202a;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font-family:${fonts};line-break:strict;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.blank{display:inline-block;min-width:58mm;border:1px dashed #16202a;border-radius:1mm;padding:.2em .6em 1.3em;line-height:1.3}
.blank span{font-size:.78em;color:#53606d}
footer{color:#53606d}
`;

const formal = `${common}
@page{margin:18mm 16mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:#53606d}}
body{max-width:178mm;margin:0 auto;padding:24px 0;font-size:10.5pt;line-height:1.5}
@media print{body{padding:0}}
header{border-bottom:2px solid #16202a;padding-bottom:3mm;margin-bottom:4mm}
h1{font-size:19pt;line-height:1.3;text-wrap:balance}
header p{color:#53606d;margin-top:1mm}
h2{font-size:12.5pt;margin:6mm 0 2mm;break-after:avoid}
h3{font-size:10.5pt;margin:3mm 0 1mm;break-after:avoid}
p{margin:0 0 2mm;text-wrap:pretty}
ul{padding-left:5mm;margin-bottom:2mm}
li{margin-bottom:1mm;text-wrap:pretty}
table{width:100%;border-collapse:collapse;margin-bottom:2mm}
th,td{border:1px solid #aab4bd;padding:1.6mm 2.2mm;text-align:left;vertical-align:top;font-weight:400}
tbody th{width:42mm;background:#f1f4f6;font-weight:600}
table.grid tbody th,table.grid thead th:first-child{width:58mm}
thead th{background:#e4e9ed;font-weight:600}
tr{break-inside:avoid}
td .blank,p.open .blank{display:block;min-width:0}
p.open .blank{margin-top:1mm}
th .blank{font-weight:400;display:block;min-width:0}
table.risks tbody th,table.risks thead th:first-child{width:44mm}
table.risks td:last-child{width:48mm}
td ul{margin:0}
p.open{border-left:3px solid #16202a;padding-left:3mm}
footer{margin-top:6mm;border-top:1px solid #aab4bd;padding-top:2mm;font-size:8.5pt}
`;

const poster = `${common}
@page{margin:0}
body{width:210mm;height:297mm;margin:0 auto;display:flex;flex-direction:column;font-size:14.5pt;line-height:1.42}
header{background:#16202a;color:#fff;padding:13mm 16mm 10mm;display:flex;gap:10mm;align-items:center}
header svg{flex:none;width:34mm;height:34mm}
h1{font-size:31pt;line-height:1.2;text-wrap:balance}
header p{font-size:16.5pt;line-height:1.35;margin-top:2.5mm;color:#dfe6ec;text-wrap:balance}
html:lang(en) body:not(.dense){font-size:12.5pt}
html:lang(en) h1{font-size:28pt}
html:lang(en) header p{font-size:14.5pt}
html body.dense{font-size:11pt}
.dense dl div{padding:1.6mm 0}
.dense header{padding-block:9mm 7mm}
main{flex:1;padding:4mm 16mm 0;display:flex;flex-direction:column;justify-content:space-evenly}
dl{display:contents}
dl div{display:grid;grid-template-columns:36mm 1fr;gap:6mm;border-bottom:1px solid #c4ccd3;padding:2.4mm 0}
dl div:last-child{border-bottom:0}
dt{font-weight:700}
dd{text-wrap:pretty}
.blank{min-width:80mm}
footer{padding:3mm 16mm 8mm;font-size:8.5pt;line-height:1.4}
`;

export interface Sheet {
  readonly language: Language;
  readonly title: string;
  readonly kind: 'poster' | 'formal';
  readonly body: Html;
  /** A poster that has more to say than usual, in smaller letters. */
  readonly isDense?: boolean;
}

/** A page that needs nothing else and loads nothing else: to be printed, sent or kept. */
export function sheet({ language, title, kind, body, isDense = false }: Sheet): string {
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ html: kind === 'poster' ? poster : formal }}</style>
</head>
<body${isDense ? html` class="dense"` : ''}>
${body}
</body>
</html>
`.html;
}
