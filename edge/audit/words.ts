import type { AuditReport, CheckName, Finding, FindingCode, RemarkCode } from './report.ts';
import type { AuditStep } from './run-audit.ts';

export type AuditLanguage = 'zh' | 'en';

interface Words {
  readonly title: string;
  readonly outcome: Readonly<Record<'passed' | 'failed' | 'undone', string>>;
  readonly of: (report: AuditReport) => readonly string[];
  readonly checks: Readonly<Record<CheckName, string>>;
  readonly findings: Readonly<Record<FindingCode, string>>;
  readonly remarks: Readonly<Record<RemarkCode, string>>;
  readonly steps: Readonly<Record<AuditStep, string>>;
  readonly limits: readonly string[];
  readonly limitsTitle: string;
}

const en: Words = {
  title: 'Audit of lobby-sense: no identity leaves, none stays',
  outcome: { passed: 'PASSED', failed: 'FAILED', undone: 'NOT DONE' },
  of: ({ madeAt, branch, version, service, clip, node, system }) => [
    `Made ${madeAt} by lobby-sense ${version}, Node ${node}, ${system}`,
    `Branch ${branch.id}, file SHA-256 ${branch.sha256}`,
    `Not as in the file: ${branch.replaced.join(', ')}`,
    service.role === 'sense'
      ? 'Run as a box that only looks (role sense), with a broker of the audit'
      : 'Run as a box that looks and decides (role all); of one that only looks: --role sense',
    `Detector ${service.detector}`,
    ...(service.nodeOptions === '' ? [] : [`Started with NODE_OPTIONS ${service.nodeOptions}`]),
    `Clip of ${clip.seconds} s with the mark, SHA-256 ${clip.sha256}; then one that breaks off after ${clip.breaksOffAfter} s`,
  ],
  checks: {
    sight: 'The audit can see: people were found, and their mark in memory while they were there',
    files: 'No picture in any file that was written',
    messages: 'No picture and no bytes as text by MQTT, HTTP, live stream, metrics, webhooks, log or journal',
    numbers: 'No row of numbers that could measure somebody',
    identifiers: 'No name of anybody outlives the visit',
    connections: 'No connection but to its own ports and the webhook that was set',
    memory: 'No picture in memory after the visits, nor after a camera broke off',
    journal: 'No column of the journal holds raw bytes or lists of plain numbers',
    models: 'Every model on the disk is in the manifest with its hash, and none can recognise anybody',
  },
  findings: {
    'nobody-seen': 'nobody was seen: there was nothing to audit',
    'mark-unseen': 'the mark was not found in memory while people were there: nothing below proves anything',
    picture: 'a picture',
    mark: 'rows of pixels that bear the mark',
    encoded: 'bytes written as text',
    'file-elsewhere': 'a file was written that is neither in the data folder nor temporary',
    'file-unread': 'a file came and went before it could be read',
    'many-numbers': 'a long row of numbers',
    'name-returns': 'the same name was told in both runs',
    'name-outlives': 'a visit was still told when everybody had left',
    connection: 'a connection that is not configured',
    'memory-marked': 'the mark is still in memory',
    column: 'a column that could hold a picture or a measure',
    'model-missing': 'the file of a model is missing',
    'model-changed': 'the file of a model is not the one of the manifest',
    'model-unlisted': 'a model that is not in the manifest',
    'model-measures': 'a model gives a single row of numbers, as those do that recognise faces',
  },
  remarks: {
    'memory-refused': 'the memory of the process could not be read',
    'files-renamed': 'read under the name they were given in the end',
    'visits-counted':
      'within a run visits are numbered in the order they began; between runs nothing links them',
    'core-dumps': 'if the process crashes, the system may write its memory to the disk; the limit is',
    'plate-served':
      'pictures of the empty lobby that an installer asked for; nobody with the mark is on them',
    'no-prompt': 'no prompt was raised, by what the branch file says: what prompts tell was not looked at',
  },
  steps: {
    clip: 'painting the mark',
    'first-run': 'starting the service',
    people: 'people come and go',
    empty: 'everybody has left',
    memory: 'reading its memory',
    'second-run': 'starting it again',
    journal: 'reading the journal',
    models: 'checking the models',
  },
  limitsTitle: 'What this does not prove',
  limits: [
    'It is about this version, these models and this file, on this machine, on this day, with a clip and not your cameras.',
    'A picture that was encrypted, or changed beyond recognition, would not be known as one, but for the connection or file it went by.',
    'In memory a picture of fewer than twelve rows is not found. Files that live for some milliseconds are known by name alone.',
    'A broker of your own, TLS and options of the command are not run: the service speaks to its own broker, or to the audit’s.',
    'Whoever rules the machine can sign with its key: keep the fingerprint of the key elsewhere.',
  ],
};

const zh: Words = {
  title: 'lobby-sense 审计：身份信息不出设备，也不留存',
  outcome: { passed: '通过', failed: '未通过', undone: '未能检查' },
  of: ({ madeAt, branch, version, service, clip, node, system }) => [
    `时间 ${madeAt}，lobby-sense ${version}，Node ${node}，${system}`,
    `网点 ${branch.id}，配置文件 SHA-256 ${branch.sha256}`,
    `与配置文件不同之处：${branch.replaced.join('、')}`,
    service.role === 'sense'
      ? '以只负责观看的主机运行（role sense），使用审计自带的消息服务器'
      : '以观看并决定的主机运行（role all）；只负责观看的主机请用 --role sense',
    `检测器 ${service.detector}`,
    ...(service.nodeOptions === '' ? [] : [`启动时 NODE_OPTIONS 为 ${service.nodeOptions}`]),
    `带标记的视频 ${clip.seconds} 秒，SHA-256 ${clip.sha256}；另一段在 ${clip.breaksOffAfter} 秒处中断`,
  ],
  checks: {
    sight: '审计看得见：检测到了人，且人在场时内存中能找到其标记',
    files: '写出的文件中没有图像',
    messages: 'MQTT、HTTP、实时流、指标、Webhook、日志与记录中没有图像，也没有以文本写出的字节',
    numbers: '没有可用来衡量某个人的数字序列',
    identifiers: '任何人的代号都不会在其离开后继续存在',
    connections: '除自身端口与所设 Webhook 外没有其他连接',
    memory: '访客离开后、摄像机中断后，内存中都没有图像',
    journal: '记录的各列中没有原始字节，也没有纯数字列表',
    models: '磁盘上每个模型都在清单中且哈希一致，没有能识别人的模型',
  },
  findings: {
    'nobody-seen': '没有检测到任何人：无从审计',
    'mark-unseen': '人在场时内存中未找到标记：以下各项都不能证明什么',
    picture: '图像',
    mark: '带标记的像素行',
    encoded: '以文本写出的字节',
    'file-elsewhere': '在数据文件夹与临时文件夹之外写了文件',
    'file-unread': '文件在读取之前就已消失',
    'many-numbers': '很长的数字序列',
    'name-returns': '两次运行中出现了同一个代号',
    'name-outlives': '所有人离开后仍在告知某次到访',
    connection: '未配置的连接',
    'memory-marked': '标记仍在内存中',
    column: '可能存放图像或特征的列',
    'model-missing': '缺少模型文件',
    'model-changed': '模型文件与清单不符',
    'model-unlisted': '清单之外的模型',
    'model-measures': '模型给出单独一行数字，与人脸识别模型相同',
  },
  remarks: {
    'memory-refused': '无法读取进程内存',
    'files-renamed': '已按最终名称读取',
    'visits-counted': '同一次运行内到访按先后编号；不同运行之间没有关联',
    'core-dumps': '进程崩溃时系统可能把内存写入磁盘；上限为',
    'plate-served': '安装人员索取的空大厅图像；其上没有带标记的人',
    'no-prompt': '按此配置没有发出提示：提示的内容未经检查',
  },
  steps: {
    clip: '绘制标记',
    'first-run': '启动服务',
    people: '人员进出',
    empty: '所有人已离开',
    memory: '读取内存',
    'second-run': '再次启动',
    journal: '读取记录',
    models: '检查模型',
  },
  limitsTitle: '不能证明的事',
  limits: [
    '只针对此版本、这些模型与此文件，在这台机器、这一天，使用一段视频而非您的摄像机。',
    '加密过或面目全非的图像无法认出，只能从其经过的连接或文件看出。',
    '内存中少于十二行的图像不会被发现。只存在几毫秒的文件只知其名。',
    '未检查自备的 MQTT 服务器、TLS 与命令行选项：此处服务使用自带或审计的服务器。',
    '掌控机器的人能用其密钥签名：请把密钥指纹另存他处。',
  ],
};

const words: Readonly<Record<AuditLanguage, Words>> = { zh, en };

export const stepInWords = (step: AuditStep, language: AuditLanguage): string => words[language].steps[step];

const inWords = ({ code, where, about }: Finding, { findings }: Words) =>
  `${findings[code]}: ${where}${about === '' ? '' : ` (${about})`}`;

/** A report as a person reads it: the outcome, each check with what was measured, and what it does not prove. */
export function tellReport(report: AuditReport, language: AuditLanguage): string {
  const own = words[language];
  const lines = [own.title, '', ...own.of(report), `Key SHA-256 ${report.key}`, ''];
  for (const { check, outcome, measured, findings, remarks } of report.checks) {
    const mark = { passed: '✓', failed: '✕', undone: '?' }[outcome];
    lines.push(`${mark} ${own.checks[check]}`);
    const figures = Object.entries(measured).map(([name, value]) => `${name} ${value}`);
    if (figures.length > 0) lines.push(`    ${figures.join(', ')}`);
    for (const finding of findings) lines.push(`  ✕ ${inWords(finding, own)}`);
    for (const { code, about } of remarks)
      lines.push(`  · ${own.remarks[code]}${about === '' ? '' : `: ${about}`}`);
  }
  lines.push(
    '',
    own.limitsTitle,
    ...own.limits.map((limit) => `- ${limit}`),
    '',
    own.outcome[report.outcome],
  );
  return `${lines.join('\n')}\n`;
}
