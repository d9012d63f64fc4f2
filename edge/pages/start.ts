import type { HealthPayload } from '../../src/contract/topics.ts';

/** What runs, in a sentence. */
const sentences: Record<HealthPayload['state'] | 'unknown', readonly [zh: string, en: string]> = {
  starting: ['正在启动。', 'Starting.'],
  ok: ['一切正常。', 'Everything runs.'],
  'partly-blind': ['有摄像头没有画面。', 'A camera gives no picture.'],
  blind: ['所有摄像头都没有画面。', 'No camera gives a picture.'],
  gone: ['正在停止。', 'Stopping.'],
  unknown: ['服务没有回答，正在重试。', 'The service does not answer; asking again.'],
};

const everyMs = 5_000;
const answerMs = 4_000;

async function ask<T>(path: string): Promise<T> {
  const reply = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(answerMs) });
  return (await reply.json()) as T;
}

/** How long prompts take to a wrist, once there were any; without a word where it is not known. */
function toWrist(latency: HealthPayload['latency']): readonly [zh: string, en: string] | undefined {
  const total = latency?.find(({ part }) => part === 'total');
  if (total === undefined) return undefined;
  const seconds = total.p95Seconds.toFixed(1);
  const { prompts } = total;
  return [
    `最近 ${prompts} 条提示，95% 在 ${seconds} 秒内到达手表。`,
    `To wrist ${seconds} s p95, of the last ${prompts} ${prompts === 1 ? 'prompt' : 'prompts'}.`,
  ];
}

function say(id: string, [zh, en]: readonly [zh: string, en: string]): void {
  const english = document.createElement('span');
  english.lang = 'en';
  english.textContent = en;
  document.getElementById(id)!.replaceChildren(zh, ' ', english);
}

async function show(): Promise<void> {
  let state: keyof typeof sentences = 'unknown';
  let latency: HealthPayload['latency'];
  try {
    const [health, branch] = await Promise.all([
      ask<HealthPayload>('/api/v1/health'),
      ask<{ branch: string }>('/api/v1/branch'),
    ]);
    if (health.state in sentences) state = health.state;
    latency = health.latency;
    document.getElementById('branch')!.textContent = branch.branch;
  } catch {
    // Shown as it is: the service does not answer.
  }
  say('state', sentences[state]);
  const way = toWrist(latency);
  document.getElementById('to-wrist')!.hidden = way === undefined;
  if (way !== undefined) say('to-wrist', way);
  setTimeout(show, everyMs);
}

void show();
