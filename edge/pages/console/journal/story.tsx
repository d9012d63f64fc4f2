import { useEffect, useState } from 'preact/hooks';
import type { Story } from '../../../../src/contract/journal-page.ts';
import { ask, type Trouble } from '../api.ts';
import type { PageParts } from '../page-parts.ts';
import { duration, type Language } from '../words.ts';
import { stepInWords, type ToldStep, whatIfAddress } from './phrases.ts';
import { tellingOf } from './telling.ts';
import { say } from './words.ts';

interface TimedStep extends ToldStep {
  readonly at: string;
  readonly after: string;
}

/** One visit, step by step: what was noticed, said and kept quiet, when they were met, and by which rules. */
export function StoryPage(props: PageParts & { readonly visit: string }) {
  const { live, language, keys, go, visit } = props;
  const [story, setStory] = useState<Story>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [copied, setCopied] = useState<boolean>();
  const telling = tellingOf(props);
  const newest = live.lines.at(-1);
  const isOver = story?.isOver === true;
  useEffect(() => {
    if (isOver) return;
    let isLeft = false;
    void ask<Story>(`/api/v1/journal/visits/${visit}`).then((reply) => {
      if (isLeft) return;
      setTrouble(reply.ok ? undefined : reply.trouble);
      if (reply.ok) setStory(reply.value);
    });
    return () => {
      isLeft = true;
    };
    // Of somebody who is still there more may have come.
  }, [visit, newest, live.link === 'up']);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName)) return;
      if (event.key === '[' && story?.older !== undefined) go('journal', `/${story.older}`);
      if (event.key === ']' && story?.newer !== undefined) go('journal', `/${story.newer}`);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [keys, story]);

  const to = (rest: string, text: string, extra: object = {}) => (
    <a
      class="button"
      href={`/journal${rest}`}
      onClick={(event) => {
        event.preventDefault();
        go('journal', rest);
      }}
      {...extra}
    >
      {text}
    </a>
  );
  const back = to('', `← ${say(language, 'back')}`);
  if (story === undefined) {
    const details = (trouble as (Trouble & { details?: { days?: number } }) | undefined)?.details;
    return (
      <div class="story">
        <div class="story-bar">{back}</div>
        <p class="empty-page" role={trouble === undefined ? undefined : 'alert'}>
          {trouble === undefined
            ? say(language, 'readingStory')
            : trouble.code === 'LOBBY_VISIT_UNKNOWN'
              ? say(language, 'storyGone', { n: details?.days ?? '–' })
              : trouble.code === 'LOBBY_JOURNAL_NOT_KEPT'
                ? say(language, 'notKept')
                : say(language, 'storyUnread')}{' '}
          {trouble !== undefined && <span class="code">{trouble.code}</span>}
        </p>
      </div>
    );
  }
  const steps = story.steps.flatMap((step): TimedStep[] => {
    const told = stepInWords(step, telling);
    const after = (Date.parse(step.at) - Date.parse(story.from)) / 1000;
    return told === undefined ? [] : [{ ...told, at: step.at, after: duration(after) }];
  });
  const when = telling.momentOf(story.from);
  const met = metInWords(story, language);
  const rules = story.rules.values.map(({ title, mark, was, now }) => ({
    title: title[language],
    was: withMark(was, mark[language]),
    now: withMark(now, mark[language]),
  }));
  const whatIf = whatIfAddress(story, telling.dayOf);
  const text = () =>
    [
      `${say(language, 'storyOf', { t: visit })} · ${when} · ${met}`,
      ...steps.map(({ at, after, text }) => `${telling.timeOf(at)}  ${after.padStart(5)}  ${text}`),
      `${say(language, 'rulesThen')}: ${rules.map(({ title, was }) => `${title} ${was}`).join(' · ')}`,
    ].join('\n');
  return (
    <div class="story">
      <div class="story-bar">
        {back}
        <span class="spring" />
        {story.older !== undefined &&
          to(`/${story.older}`, `[ ${say(language, 'olderStory')}`, { 'aria-keyshortcuts': '[' })}
        {story.newer !== undefined &&
          to(`/${story.newer}`, `${say(language, 'newerStory')} ]`, { 'aria-keyshortcuts': ']' })}
      </div>
      <h2 class="story-title">
        {say(language, 'storyTitle')} <span class="second">{visit}</span>
      </h2>
      <p class="story-head">
        <b class={story.met === undefined ? 'never' : 'met'}>
          <span aria-hidden="true">{story.met === undefined ? '○' : '●'}</span> {met}
        </b>{' '}
        {when}
        {story.place !== undefined && ` · ${telling.nameOf(story.place)}`}
      </p>
      {story.role === 'staff' && <p class="second">{say(language, 'storyStaff')}</p>}
      {story.blindSeconds !== undefined && story.blindSeconds >= 1 && (
        <p class="second">▨ {say(language, 'storyBlind', { t: duration(story.blindSeconds) })}</p>
      )}
      <table class="steps">
        <caption class="unseen-by-eyes">{say(language, 'storyTitle')}</caption>
        <thead>
          <tr>
            <th scope="col">{say(language, 'timeHead')}</th>
            <th scope="col">{say(language, 'afterHead')}</th>
            <th scope="col">{say(language, 'whatHead')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ at, after, look, text, code }, index) => (
            <tr key={`${at} ${index}`} class={`step-${look}`} title={code}>
              <td>{telling.timeOf(at)}</td>
              <td>{after}</td>
              <td>
                <span class="step-mark" aria-hidden="true">
                  {stepMarks[look]}
                </span>{' '}
                {text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!story.isOver && <p class="second">{say(language, 'storyOpen')}</p>}
      <section class="rules-then" aria-labelledby="rules-then">
        <h2 id="rules-then">
          {say(language, 'rulesThen')}
          {story.rules.version !== undefined &&
            ` · ${say(language, 'rulesVersion', { n: story.rules.version })}`}
        </h2>
        <ul>
          {rules.map(({ title, was, now }) => (
            <li key={title}>
              {title} <b>{was}</b>
              {now !== was && <span class="second"> · {say(language, 'nowIs', { t: now })}</span>}
            </li>
          ))}
        </ul>
        <p class="story-acts">
          <a
            class="button"
            href={`/rules${whatIf}`}
            onClick={(event) => {
              event.preventDefault();
              go('rules', whatIf);
            }}
          >
            {say(language, 'tryWhatIf')}
          </a>
          <button type="button" onClick={() => void copy(text()).then(setCopied)}>
            {say(language, 'copy')}
          </button>
          <span role="status">{copied !== undefined && say(language, copied ? 'copied' : 'notCopied')}</span>
        </p>
      </section>
    </div>
  );
}

const stepMarks = { said: '●', quiet: '○', met: '✓', plain: '·' } as const;
const withMark = (value: number, mark: string) =>
  mark === '' ? String(value) : mark === '%' ? `${value}%` : `${value} ${mark}`;

function metInWords({ met, isOver }: Story, language: Language): string {
  if (met === undefined) return say(language, isOver ? 'storyNever' : 'storyNotYet');
  const t = duration(met.afterSeconds ?? 0);
  return say(language, met.by === 'answered' ? 'storyMetBy' : 'storyMet', { t });
}

/** To the clipboard, also of a page by http, which may not use the new way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen-by-eyes';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
