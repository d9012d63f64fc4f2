import type { HealthPayload } from '../../src/contract/topics.ts';

/** What runs, in a sentence: the start page's one live line. */
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

async function show(): Promise<void> {
  let state: keyof typeof sentences = 'unknown';
  try {
    const [health, branch] = await Promise.all([
      ask<HealthPayload>('/api/v1/health'),
      ask<{ branch: string }>('/api/v1/branch'),
    ]);
    if (health.state in sentences) state = health.state;
    document.getElementById('branch')!.textContent = branch.branch;
  } catch {
    // Shown as it is: the service does not answer.
  }
  const [zh, en] = sentences[state];
  const english = document.createElement('span');
  english.lang = 'en';
  english.textContent = en;
  document.getElementById('state')!.replaceChildren(zh, ' ', english);
  setTimeout(show, everyMs);
}

void show();
