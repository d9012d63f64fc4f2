import { randomUUID } from 'node:crypto';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  mostDays,
  type SuggestAsk,
  type Suggestion,
  type WhatIf,
  type WhatIfAsk,
  type WhatIfDays,
  type WhatIfPayload,
  type WhatIfScenes,
} from '../../src/contract/what-if.ts';
import { valuesToTry } from '../../src/core/choose-value.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ReadableJournal } from '../../src/ports/journal.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { checkFromOf } from '../../src/service/what-if.ts';
import { playedPages } from '../journals/played.ts';
import { type BranchStore, checked } from '../settings/branch-store.ts';
import type { Work } from './play.ts';
import { createSpareThread } from './spare-thread.ts';

export interface WhatIfsOptions {
  /** Absent: none is kept, and nothing can be asked. */
  readonly journal?: Pick<ReadableJournal, 'query' | 'days' | 'lines'> | undefined;
  readonly settings: Pick<BranchStore, 'branch' | 'latest'>;
  readonly clock: Clock;
  /** Told of mistakes of our own, for the log. */
  readonly onBroken?: (error: unknown) => void;
}

/** Questions to the journal: what would other thresholds have done? */
export interface WhatIfs {
  /**
   * Begins to work it out, and says under which name.
   *
   * @throws {LobbyError} `LOBBY_WHAT_IF_NO_JOURNAL`, `LOBBY_WHAT_IF_STALE`, `LOBBY_WHAT_IF_PERIOD`,
   *         `LOBBY_WHAT_IF_BUSY`, `LOBBY_SETTING_UNKNOWN`, `LOBBY_SETTING_REFUSED`
   */
  compare(asked: WhatIfAsk): WhatIfPayload;
  suggest(asked: SuggestAsk): WhatIfPayload;
  /**
   * How far it has come. What nobody asks for any more is given up.
   *
   * @param have the `step` whoever asks knows already: an unchanged result is left out
   * @throws {LobbyError} `LOBBY_WHAT_IF_UNKNOWN`
   */
  get(id: string, have?: number): WhatIfPayload;
  cancel(id: string): void;
  days(): Promise<WhatIfDays>;
  /** Who stood where around a moment. */
  scenes(at: Seconds): Promise<WhatIfScenes>;
  close(): Promise<void>;
}

/** One at a time: the other core is for cameras and prompts. */
const mostRunning = 1;
const mostWaiting = 4;
/** Results that are remembered; each is some hundred kilobytes. */
const mostKept = 8;
/** A page that is open asks each second; what nobody asks for is given up. */
const forgottenSeconds: Seconds = 60;
/** The same question about days that are over has the same answer, for so long. */
const answeredSeconds: Seconds = 600;
const aroundSeconds: Seconds = 12;
/** So many scenes are played to no purpose but that the engine compiles what plays them: it takes as many to be quick. */
const warmScenes = 9_000;
/** A draft that differs in what is worked out, not in what comes of it. */
const warmSet = { 'wandering.afterSeconds': 21, 'queue.waitSeconds': 301, 'prompts.mostInTenMinutes': 7 };

interface Question {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
  readonly set?: Readonly<Record<string, number>>;
  readonly work: (days: readonly string[]) => Work;
  readonly ending: AbortController;
  askedAt: Seconds;
  endedAt?: Seconds;
  state: WhatIfPayload['state'];
  days: readonly string[];
  done: number;
  step: number;
  result?: WhatIf;
  suggestion?: Suggestion;
  trouble?: LobbyError;
}

/**
 * Works out what-ifs, one after the other, in a thread that has less right to the processor than the live service.
 *
 *     journal ─▶ pages of rows ─▶ thread: both stories ─▶ after each day, the result so far
 *                (main thread: hands on text, and looks at none of it)
 */
export function createWhatIfs({ journal, settings, clock, onBroken }: WhatIfsOptions): WhatIfs {
  const questions = new Map<string, Question>();
  const running = new Map<Question, Promise<void>>();
  const spare = createSpareThread();

  function add(
    asked: Pick<WhatIfAsk, 'version' | 'from' | 'to'>,
    what: object,
    work: Question['work'],
    set?: Question['set'],
  ): WhatIfPayload {
    const { version, from, to } = asked;
    if (journal === undefined) throw new LobbyError('LOBBY_WHAT_IF_NO_JOURNAL');
    const current = settings.latest.version;
    if (version !== current)
      throw new LobbyError('LOBBY_WHAT_IF_STALE', { asked: version, version: current });
    const length = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    if (!(length >= 1 && length <= mostDays)) {
      throw new LobbyError('LOBBY_WHAT_IF_PERIOD', { from, to, most: mostDays });
    }
    const key = JSON.stringify([version, from, to, what]);
    const now = clock.now();
    const known = [...questions.values()].find(
      (one) =>
        one.key === key &&
        one.state === 'done' &&
        now - (one.endedAt ?? 0) < answeredSeconds &&
        to < createDayOf(settings.branch.hours?.timezone ?? 'UTC')(now),
    );
    if (known !== undefined) return told(known);
    giveUpForgotten();
    const open = [...questions.values()].filter(({ state }) => state === 'waiting').length;
    if (open >= mostWaiting) throw new LobbyError('LOBBY_WHAT_IF_BUSY', { most: mostWaiting });
    const question: Question = {
      id: randomUUID(),
      key,
      version,
      from,
      to,
      ...(set === undefined ? {} : { set }),
      work,
      ending: new AbortController(),
      askedAt: now,
      state: 'waiting',
      days: [],
      done: 0,
      step: 0,
    };
    questions.set(question.id, question);
    for (const [id, { state }] of questions) {
      if (questions.size <= mostKept) break;
      if (state !== 'waiting' && state !== 'running') questions.delete(id);
    }
    goOn();
    return told(question);
  }

  function goOn(): void {
    if (running.size >= mostRunning) return;
    const next = [...questions.values()].find(({ state }) => state === 'waiting');
    if (next === undefined) return;
    next.state = 'running';
    const work = run(next).finally(() => {
      running.delete(next);
      goOn();
    });
    running.set(next, work);
  }

  let warming: { readonly ending: AbortController; readonly done: Promise<void> } | undefined;

  /**
   * Plays some hours of the newest day while somebody who has opened the page makes up their mind: what is compiled by
   * then makes their first question take as long as the next. A question ends it at once.
   */
  function warmUp(days: readonly string[]): void {
    const day = days.at(-1);
    if (warming !== undefined || running.size > 0 || day === undefined) return;
    const ending = new AbortController();
    const done = playToWarm(day, ending.signal)
      // It was for the engine alone: the question that comes says what is wrong, if anything is.
      .catch(() => undefined)
      .finally(() => {
        warming = undefined;
      });
    warming = { ending, done };
  }

  async function playToWarm(day: string, ended: AbortSignal): Promise<void> {
    const thread = spare.take();
    try {
      await thread.say({
        kind: 'begin',
        work: { kind: 'compare', today: bare(settings.branch), set: warmSet },
      });
      let scenes = 0;
      for await (const rows of playedPages(journal!, day, settings.branch.hours?.timezone)) {
        if (ended.aborted || scenes >= warmScenes) break;
        await thread.say({ kind: 'rows', rows });
        for (const [kind] of rows) if (kind === 'scene') scenes += 1;
      }
    } finally {
      spare.keep(thread);
    }
  }

  async function run(question: Question): Promise<void> {
    const { ending } = question;
    warming?.ending.abort();
    await warming?.done;
    const thread = spare.take();
    const stop = () => void thread.end();
    ending.signal.addEventListener('abort', stop, { once: true });
    try {
      const all = await journal!.days();
      const days = all.map(({ day }) => day).filter((day) => day >= question.from && day <= question.to);
      question.days = days;
      if (days.length === 0) {
        throw new LobbyError('LOBBY_WHAT_IF_EMPTY', { from: question.from, to: question.to });
      }
      await thread.say({ kind: 'begin', work: question.work(days) });
      let scenes = 0;
      // While the thread plays one page, the next is read.
      let played: Promise<unknown> = Promise.resolve();
      for (const [index, day] of days.entries()) {
        const { timezone } = settings.branch.hours ?? {};
        for await (const rows of playedPages(journal!, day, timezone, index === 0)) {
          if (isForgotten(question)) ending.abort();
          if (ending.signal.aborted) return;
          for (const [kind] of rows) if (kind === 'scene') scenes += 1;
          await played;
          played = thread.say({ kind: 'rows', rows });
          // It is told of when it is waited for.
          played.catch(() => undefined);
        }
        await played;
        const answer = await thread.say({ kind: 'day' });
        if (answer.kind === 'result') question.result = answer.result;
        if (answer.kind === 'suggestion') question.suggestion = answer.suggestion;
        question.done += 1;
        question.step += 1;
      }
      if (scenes === 0) {
        throw new LobbyError('LOBBY_WHAT_IF_NO_PLACES', { from: question.from, to: question.to });
      }
      question.state = 'done';
    } catch (error) {
      if (ending.signal.aborted) return;
      question.state = 'failed';
      question.trouble =
        error instanceof LobbyError
          ? error
          : new LobbyError('LOBBY_WHAT_IF_FAILED', {}, { cause: error as Error });
      delete question.result;
      delete question.suggestion;
      if (!(error instanceof LobbyError)) onBroken?.(error);
    } finally {
      if (ending.signal.aborted) question.state = 'cancelled';
      question.endedAt = clock.now();
      ending.signal.removeEventListener('abort', stop);
      if (question.state === 'done') spare.keep(thread);
      else await thread.end();
    }
  }

  const isForgotten = ({ askedAt }: Question) => clock.now() - askedAt > forgottenSeconds;

  function giveUpForgotten(): void {
    for (const one of questions.values())
      if (one.state === 'waiting' && isForgotten(one)) one.state = 'cancelled';
  }

  function told(question: Question, have?: number): WhatIfPayload {
    question.askedAt = clock.now();
    const { id, state, version, from, to, set, days, done, step, result, suggestion, trouble } = question;
    const doneTo = days[done - 1];
    const isNew = step !== have;
    return {
      v: 1,
      id,
      state,
      version,
      from,
      to,
      ...(set === undefined ? {} : { set }),
      progress: {
        ...(doneTo === undefined ? {} : { doneTo }),
        daysDone: done,
        daysLeft: days.length - done,
      },
      step,
      ...(isNew && result !== undefined ? { result } : {}),
      ...(isNew && suggestion !== undefined && state === 'done' ? { suggestion } : {}),
      ...(trouble === undefined
        ? {}
        : { trouble: { code: trouble.code, message: trouble.message, remedy: trouble.remedy } }),
    };
  }

  function found(id: string): Question {
    const question = questions.get(id);
    if (question === undefined) throw new LobbyError('LOBBY_WHAT_IF_UNKNOWN');
    return question;
  }

  return {
    compare(asked) {
      const set = checked(asked.set);
      const today = settings.branch;
      return add(asked, { set }, () => ({ kind: 'compare', today: bare(today), set }), set);
    },
    suggest(asked) {
      const { path, aim } = asked;
      const row = describeSettings().find((one) => one.path === path);
      if (row === undefined) throw new LobbyError('LOBBY_SETTING_UNKNOWN', { path: path.slice(0, 60) });
      const today = settings.branch;
      const [group, key] = path.split('.') as [string, string];
      const value = (today.thresholds as unknown as Record<string, Record<string, number>>)[group]![key]!;
      const values = valuesToTry(value, row);
      return add(asked, { path, aim }, (days) => ({
        kind: 'suggest',
        today: bare(today),
        path,
        values,
        aim,
        checkFrom: checkFromOf(days, today.hours?.timezone),
      }));
    },
    get: (id, have) => told(found(id), have),
    cancel(id) {
      const question = found(id);
      if (question.state === 'waiting') question.state = 'cancelled';
      question.ending.abort();
    },
    async days() {
      if (journal === undefined) throw new LobbyError('LOBBY_WHAT_IF_NO_JOURNAL');
      // Whoever asks which days there are asks about them next.
      const isNew = warming === undefined && spare.ready();
      const days = [...(await journal.days())];
      if (isNew) warmUp(days.map(({ day }) => day));
      return { v: 1, days };
    },
    async scenes(at) {
      if (journal === undefined) throw new LobbyError('LOBBY_WHAT_IF_NO_JOURNAL');
      const moment = (seconds: Seconds) => new Date(seconds * 1000).toISOString();
      const { lines } = await journal.lines({
        from: moment(at - aroundSeconds),
        to: moment(at + aroundSeconds),
        kinds: ['scene'],
        limit: 400,
      });
      const scenes = lines.flatMap(({ line }) =>
        line.kind === 'scene' ? [{ at: line.at, people: line.people }] : [],
      );
      return { v: 1, scenes: scenes.reverse() };
    },
    async close() {
      for (const question of questions.values()) {
        if (question.state === 'waiting') question.state = 'cancelled';
        question.ending.abort();
      }
      warming?.ending.abort();
      await Promise.all([...running.values(), warming?.done]);
      await spare.close();
    },
  };
}

/** What a thread needs of a branch: no address, no login. */
const bare = (branch: Work['today']): Work['today'] => ({ ...branch, cameras: [], webhooks: [] });
