/** The demo's page: keeps the clip in step with the service, and tells the story as it goes. */

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

interface Line {
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly place: Bilingual;
  readonly decision: 'prompt' | 'silence' | 'none';
  readonly reason?: string;
  readonly say?: Bilingual;
}

interface Story {
  readonly now: number;
  readonly zero: number | null;
  readonly lines: readonly Line[];
}

const kinds: Record<string, Bilingual> = {
  arrived: { zh: '有客户进门', en: 'a customer came in' },
  departed: { zh: '有客户离开', en: 'a customer left' },
  queued: { zh: '有客户排队', en: 'a customer joined the queue' },
  'left-queue': { zh: '有客户离队', en: 'a customer left the queue' },
  'waited-long': { zh: '等候已久', en: 'waiting for long' },
  'queue-long': { zh: '排队人多', en: 'the queue is long' },
  wandering: { zh: '有客户在四处看', en: 'a customer is looking around' },
  contacted: { zh: '客户已有人接待', en: 'a customer was met' },
};

const reasons: Record<string, Bilingual> = {
  'already-said': { zh: '已提示过', en: 'said already' },
  'staff-near': { zh: '员工就在旁边', en: 'staff near' },
  merged: { zh: '已并入一条', en: 'merged into one' },
  budget: { zh: '10 分钟已满', en: 'limit reached' },
  'accepted-elsewhere': { zh: '已有人去', en: 'somebody is going' },
  met: { zh: '已接待', en: 'met' },
  'too-many-open': { zh: '未处理的太多', en: 'too many open' },
};

type Language = keyof Bilingual;
const asked = new URLSearchParams(location.search).get('lang');
let language: Language =
  asked === 'zh' || asked === 'en' ? asked : navigator.language.startsWith('zh') ? 'zh' : 'en';
let story: Story | undefined;

const video = document.querySelector('video')!;
const list = document.getElementById('story')!;
const watch = document.getElementById('watch') as HTMLIFrameElement;

function translate(): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const one of document.querySelectorAll<HTMLElement>('[data-zh]'))
    one.textContent = one.dataset[language]!;
  watch.src = `/watch?duty=on&lang=${language}`;
  tell();
}

function tell(): void {
  const lines = [...(story?.lines ?? [])].reverse().slice(0, 12);
  list.replaceChildren(
    ...lines.map((line) => {
      const row = document.createElement('li');
      row.dataset.decision = line.decision;
      const time = document.createElement('time');
      time.textContent = new Date(line.at * 1000).toLocaleTimeString('en-GB');
      const what = document.createElement('span');
      what.textContent = `${line.place[language]} · ${kinds[line.kind]?.[language] ?? line.kind}`;
      const decided = document.createElement('b');
      decided.textContent =
        line.decision === 'prompt'
          ? `→ ${line.say?.[language] ?? ''}`
          : line.decision === 'silence'
            ? `${language === 'zh' ? '未提示：' : 'quiet: '}${reasons[line.reason ?? '']?.[language] ?? line.reason ?? ''}`
            : '';
      row.append(time, what, decided);
      return row;
    }),
  );
}

/** Where the service is in the clip; the picture is nudged there, and set only when it is far off. */
function keepStep({ now, zero }: Story): void {
  if (zero === null || !Number.isFinite(video.duration)) return;
  const wanted = (now - zero) % video.duration;
  const ahead = video.currentTime - wanted;
  if (Math.abs(ahead) > 0.6 && Math.abs(ahead) < video.duration - 0.6) video.currentTime = wanted;
  else video.playbackRate = Math.abs(ahead) < 0.6 ? 1 - Math.max(-0.1, Math.min(0.1, ahead / 4)) : 1;
  if (video.paused) void video.play().catch(() => undefined);
}

async function ask(): Promise<void> {
  try {
    const reply = await fetch('/demo/story', { cache: 'no-store', signal: AbortSignal.timeout(3000) });
    const before = story?.lines.at(-1)?.id;
    story = (await reply.json()) as Story;
    document.body.dataset.link = 'up';
    keepStep(story);
    if (story.lines.at(-1)?.id !== before) tell();
  } catch {
    document.body.dataset.link = 'down';
    video.pause();
  }
  setTimeout(ask, 1000);
}

document.getElementById('language')!.addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate();
});
translate();
void ask();
