import { speaker } from '../words.ts';

/** Words for whoever comes to the box without a token, and of what else there is on it. */
export const words = {
  zh: {
    about: '客户一进门就有人招呼：这台主机看着大厅，把一条简短、不记名的提示送到大堂经理的手表上。',
    onThisBox: '这台主机上还有',
    watch: '手表',
    watchAbout: '不需要令牌',
    docs: '接口说明',
    health: '状态',
    lobby: '大厅数据',
    metrics: '监控指标',
    starting: '正在启动。',
    ok: '一切正常。',
    'partly-blind': '有摄像头没有画面。',
    blind: '所有摄像头都没有画面。',
    gone: '正在停止。',
    unknown: '主机没有回应，正在重试。',
    toWrist: '最近 {n} 条提示，95% 在 {t} 秒内到达手表。',
  },
  en: {
    about:
      "Nobody waits to be greeted: this box watches the lobby and puts one short, anonymous prompt on the lobby manager's watch.",
    onThisBox: 'Also on this box',
    watch: 'Watch',
    watchAbout: 'no token needed',
    docs: 'API',
    health: 'Health',
    lobby: 'Lobby figures',
    metrics: 'Metrics',
    starting: 'Starting.',
    ok: 'Everything runs.',
    'partly-blind': 'A camera gives no picture.',
    blind: 'No camera gives a picture.',
    gone: 'Stopping.',
    unknown: 'The box does not answer; asking again.',
    toWrist: 'To wrist {t} s p95, of the last prompts: {n}.',
  },
} as const;

export const say = speaker(words);
