import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { families, patternOf, touches } from '../../../../edge/pages/watch/patterns.ts';
import {
  type Effect,
  initialState,
  nextLookAfter,
  type Screen,
  screenOf,
  step,
  type WatchEvent,
  type WatchState,
} from '../../../../edge/pages/watch/state.ts';
import type {
  HealthPayload,
  LobbyPayload,
  PromptPayload,
  PromptStatePayload,
} from '../../../../src/contract/topics.ts';

const patterns = { ...families, ...touches };
const start = Date.UTC(2025, 2, 12, 10, 42);
const moment = (seconds: number) => new Date(start + seconds * 1000).toISOString();

type Told = WatchEvent extends infer Event
  ? Event extends { at: number }
    ? Omit<Event, 'at'>
    : never
  : never;

/** A watch on a wrist, its clock moved by hand. */
class Wrist {
  state: WatchState;
  effects: Effect[] = [];
  #now = start;

  constructor(changes: Partial<Parameters<typeof initialState>[0]> = {}) {
    this.state = initialState({
      language: 'en',
      role: 'manager',
      watch: 'w-1',
      canVibrate: true,
      onDuty: true,
      at: start,
      ...changes,
    });
  }

  tell(event: Told): this {
    const [next, effects] = step(this.state, { ...event, at: this.#now } as WatchEvent);
    this.state = next;
    this.effects.push(...effects);
    return this;
  }

  /** Lets time pass, looking again when it has to, as the page does. */
  live(seconds: number): this {
    const until = this.#now + 1000 * seconds;
    for (;;) {
      const next = this.#now + nextLookAfter(this.state);
      if (next > until) break;
      this.#now = next;
      this.looks += 1;
      this.tell({ kind: 'tick' });
    }
    this.#now = until;
    return this;
  }

  /** How often it looked again by itself. */
  looks = 0;

  /** Lets time pass, ticking every half second. */
  pass(seconds: number): this {
    for (let passed = 0; passed < seconds; passed += 0.5) {
      this.#now += 500;
      this.tell({ kind: 'tick' });
    }
    return this;
  }

  get screen(): Screen {
    return screenOf(this.state);
  }

  get shown(): string | undefined {
    const { screen } = this;
    return screen.kind === 'prompt' || screen.kind === 'going' ? screen.held.prompt.id : undefined;
  }

  get now(): number {
    return (this.#now - start) / 1000;
  }

  /** Patterns played since this was last asked. */
  buzzes(): (readonly number[])[] {
    const played = this.effects.flatMap((effect) => (effect.kind === 'buzz' ? [effect.pattern] : []));
    this.effects = [];
    return played;
  }

  acks() {
    return this.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.ack] : []));
  }
}

/** Linked, touched once, so that it may buzz. */
const worn = (changes: Partial<Parameters<typeof initialState>[0]> = {}) => {
  const wrist = new Wrist(changes).tell({ kind: 'touched' }).tell({ kind: 'link-up' });
  wrist.buzzes();
  return wrist;
};

const prompt = (id: string, changes: Partial<PromptPayload> = {}): PromptPayload => ({
  v: 1,
  id,
  kind: 'greet',
  place: 'main-door',
  placeName: { zh: '门口', en: 'Door' },
  people: 1,
  urgency: 'now',
  say: { zh: '门口 · 新到 1 位', en: 'Door · 1 just in' },
  words: { zh: '您好', en: 'Good morning' },
  waitedSeconds: 0,
  raisedAt: moment(0),
  expiresAt: moment(30),
  haptic: 'arrival',
  ...changes,
});
const became = (
  id: string,
  phase: PromptStatePayload['phase'],
  changes: Partial<PromptStatePayload> = {},
): Told => ({ kind: 'prompt-state', state: { v: 1, id, phase, at: moment(1), ...changes } });
const raise = (id: string, changes: Partial<PromptPayload> = {}): Told => ({
  kind: 'prompt',
  prompt: prompt(id, changes),
});
const lobby = (open: LobbyPayload['open'], at = 0): Told => ({
  kind: 'lobby',
  lobby: { v: 1, at: moment(at), inLobby: 3, toGreet: 1, inQueue: 0, staffSeen: 1, zones: [], open },
});
const health = (state: HealthPayload['state']): Told => ({
  kind: 'health',
  health: { v: 1, state, at: moment(-500), cameras: [] },
});
const mine = { by: 'manager', watch: 'w-1' } as const;

describe('a prompt for others', () => {
  const forHead = { kind: 'support', to: ['branch-head'], haptic: 'call' } as const;

  test('is neither shown nor felt on another wrist, whichever way it came', () => {
    const wrist = worn().tell(raise('a', { ...forHead, to: [...forHead.to] }));
    expect([wrist.screen.kind, wrist.buzzes()]).toEqual(['idle', []]);
    wrist.tell(lobby([{ prompt: prompt('a', { ...forHead, to: [...forHead.to] }), phase: 'raised' }], 1));
    expect([wrist.screen.kind, wrist.buzzes()]).toEqual(['idle', []]);
    wrist.tell(became('a', 'withdrawn', { reason: 'over' })).pass(1);
    expect(wrist.screen.kind).toBe('idle');
  });

  test('is shown and felt on the wrist it is for, and says that all is well again', () => {
    const wrist = worn({ role: 'branch-head' }).tell(raise('a', { ...forHead, to: [...forHead.to] }));
    expect([wrist.shown, wrist.buzzes()]).toEqual(['a', [patternOf({ ...forHead, people: 1 })]]);
    wrist.tell(became('a', 'withdrawn', { reason: 'over' }));
    expect(wrist.screen).toMatchObject({ kind: 'notice', notice: { outcome: 'over' } });
  });
});

describe('a prompt for one of several watches', () => {
  test('is shown and felt on those it names alone, and on a further one when it is passed on to it', () => {
    const wrist = worn({ role: 'deputy' }).tell(raise('a', { to: ['manager'], watches: ['w-9'] }));
    expect([wrist.screen.kind, wrist.buzzes()]).toEqual(['idle', []]);
    wrist.tell(
      raise('a', {
        to: ['manager', 'deputy'],
        watches: ['w-9', 'w-1'],
        haptic: 'call',
        passedOn: { to: 'deputy', at: moment(20) },
      }),
    );
    expect([wrist.shown, wrist.buzzes()]).toEqual(['a', [patterns.call]]);
  });

  test('that is passed on says so to the new wrist, and is not felt again on the one that had it', () => {
    const wrist = worn().tell(raise('a', { watches: ['w-1'] }));
    expect(wrist.buzzes()).toEqual([patterns.arrival]);
    const passed = {
      watches: ['w-1', 'w-9'],
      haptic: 'call',
      passedOn: { to: 'deputy', at: moment(20) },
    } as const;
    wrist.tell(raise('a', { ...passed, watches: [...passed.watches] }));
    expect(wrist.buzzes()).toEqual([]);
    expect(wrist.screen).toMatchObject({ kind: 'prompt', held: { prompt: { passedOn: { to: 'deputy' } } } });
  });

  test('that grows shows the new number in silence', () => {
    const wrist = worn().tell(raise('a'));
    wrist.buzzes();
    wrist.tell(raise('a', { people: 3, say: { zh: '门口 · 新到 3 位', en: 'Door · 3 just in' } }));
    expect(wrist.buzzes()).toEqual([]);
    expect(wrist.screen).toMatchObject({ held: { prompt: { people: 3 } } });
  });
});

describe('what the box is told of a prompt', () => {
  const told = (wrist: Wrist) =>
    wrist.effects.flatMap((effect) =>
      effect.kind === 'receipt' ? [`${effect.ack.answer} ${effect.ack.id}`] : [],
    );

  test('is that it came, and that it was shown, each once', () => {
    const wrist = worn().tell(raise('a'));
    expect(told(wrist)).toEqual(['delivered a', 'seen a']);
    wrist.tell(raise('a', { people: 3 })).pass(2);
    expect(told(wrist)).toEqual(['delivered a', 'seen a']);
  });

  test('is not that it was seen, while the page is hidden or another prompt is shown', () => {
    const wrist = worn().tell({ kind: 'visibility', isHidden: true }).tell(raise('a'));
    expect(told(wrist)).toEqual(['delivered a']);
    wrist.tell({ kind: 'visibility', isHidden: false });
    expect(told(wrist)).toEqual(['delivered a', 'seen a']);
    wrist.tell(raise('b', { urgency: 'when-free' }));
    expect(told(wrist)).toEqual(['delivered a', 'seen a', 'delivered b']);
  });

  test('is nothing off duty, nor of what is late or for others', () => {
    expect(told(worn({ onDuty: false }).tell(raise('a')))).toEqual([]);
    expect(told(worn().tell(raise('a', { expiresAt: moment(-1) })))).toEqual([]);
    expect(told(worn().tell(raise('a', { watches: ['w-9'] })))).toEqual([]);
  });
});

describe('quiet', () => {
  test('is over after the time asked for, or when it is taken back', () => {
    const wrist = worn().tell({ kind: 'quiet', seconds: 600 });
    expect(wrist.state.quietUntil).toBeDefined();
    wrist.pass(599);
    expect(wrist.state.quietUntil).toBeDefined();
    wrist.pass(1);
    expect(wrist.state.quietUntil).toBeUndefined();
    wrist.tell({ kind: 'quiet', seconds: 600 }).tell({ kind: 'quiet', seconds: 0 });
    expect(wrist.state.quietUntil).toBeUndefined();
  });
});

describe('a prompt', () => {
  test('is shown and buzzes once, by its family', () => {
    const wrist = worn().tell(raise('a', { haptic: 'person' }));
    expect(wrist.screen).toMatchObject({ kind: 'prompt', seconds: 0 });
    expect(wrist.buzzes()).toEqual([patterns.person]);
    wrist
      .tell(raise('a'))
      .tell(lobby([{ prompt: prompt('a'), phase: 'raised' }], 1))
      .pass(10);
    expect(wrist.buzzes()).toEqual([]);
    expect(wrist.screen).toMatchObject({ kind: 'prompt', seconds: 10 });
  });

  test('counts on from what the box had counted', () => {
    const wrist = worn()
      .tell(raise('a', { waitedSeconds: 180 }))
      .pass(5);
    expect(wrist.screen).toMatchObject({ seconds: 185 });
  });

  test('that comes late is neither shown nor felt, whatever the device thinks the time is', () => {
    const wrist = worn();
    // This device is an hour behind the box.
    wrist.tell({ kind: 'branch', places: [], boxAt: start + 3_600_000, askedAt: start });
    wrist.tell(raise('late', { expiresAt: moment(3_599) }));
    expect(wrist.screen.kind).toBe('idle');
    expect(wrist.buzzes()).toEqual([]);
    wrist.tell(raise('in-time', { raisedAt: moment(3_600), expiresAt: moment(3_601) }));
    expect(wrist.shown).toBe('in-time');
    expect(wrist.screen).toMatchObject({ seconds: 0 });
  });

  test('is timed by the device where the clocks agree as far as the answer can tell', () => {
    const wrist = worn().pass(1);
    wrist.tell({ kind: 'branch', places: [], boxAt: start + 900, askedAt: start });
    expect(wrist.state.boxAheadMs).toBe(0);
    wrist.tell({ kind: 'branch', places: [], boxAt: start + 60_500, askedAt: start });
    expect(wrist.state.boxAheadMs).toBe(60_000);
  });

  test('leaves by itself when it expires, without a word, and is kept among the last five', () => {
    const wrist = worn().tell(raise('a'));
    wrist.buzzes();
    wrist.pass(20).tell(health('ok')).pass(10);
    expect(wrist.screen.kind).toBe('idle');
    expect(wrist.buzzes()).toEqual([]);
    expect(wrist.state.past).toMatchObject([{ id: 'a', outcome: 'expired' }]);
  });

  test('that has ended cannot come back, however late a message is', () => {
    const wrist = worn().tell(raise('a')).tell(became('a', 'met'));
    wrist
      .tell(raise('a'))
      .tell(lobby([{ prompt: prompt('a'), phase: 'raised' }], 1))
      .pass(3);
    expect(wrist.screen.kind).toBe('idle');
    const early = worn().tell(became('b', 'withdrawn')).tell(raise('b'));
    expect(early.screen.kind).toBe('idle');
  });

  test('does not buzz before the page has been touched: the browser would refuse', () => {
    const wrist = new Wrist().tell({ kind: 'link-up' }).tell(raise('a'));
    expect(wrist.screen.kind).toBe('prompt');
    expect(wrist.buzzes()).toEqual([]);
  });

  test('a new one does not cut the vibration of the one before: it waits, and 400 ms more', () => {
    const wrist = worn()
      .tell(raise('a', { urgency: 'soon', haptic: 'call' }))
      .tell(raise('b'));
    const [call, arrival] = wrist.effects.filter((effect) => effect.kind === 'buzz');
    expect(call).toMatchObject({ pattern: patterns.call, afterMs: 0 });
    expect(arrival).toMatchObject({ pattern: patterns.arrival, afterMs: 990 + 400 });
  });
});

describe('one at a time', () => {
  test('the most urgent is shown, of those the one that ends first', () => {
    const wrist = worn()
      .tell(raise('soon', { urgency: 'soon' }))
      .tell(raise('free', { urgency: 'when-free', expiresAt: moment(10) }));
    expect(wrist.shown).toBe('soon');
    wrist.tell(raise('now-later', { expiresAt: moment(25) })).tell(raise('now', { expiresAt: moment(20) }));
    expect(wrist.shown).toBe('now');
    wrist.tell(became('now', 'withdrawn', { reason: 'left' })).pass(2);
    expect(wrist.shown).toBe('now-later');
  });

  test('one that waits behind another buzzes when it is shown, not before', () => {
    const wrist = worn()
      .tell(raise('a'))
      .tell(raise('b', { urgency: 'soon', haptic: 'person' }));
    expect(wrist.buzzes()).toEqual([patterns.arrival]);
    wrist.tell(became('a', 'met', { reason: 'seen-met' })).pass(2);
    expect(wrist.shown).toBe('b');
    expect(wrist.buzzes()).toEqual([patterns.person]);
  });

  test('a new arrival takes the place of the word about the last one', () => {
    const wrist = worn().tell(raise('a')).tell(became('a', 'met'));
    expect(wrist.screen.kind).toBe('notice');
    wrist.tell(raise('b'));
    expect(wrist.shown).toBe('b');
  });
});

describe('an answer', () => {
  test('is sent, pending until the box says so, then confirmed with a tick', () => {
    const wrist = worn().tell(raise('a')).pass(1);
    wrist.buzzes();
    wrist.tell({ kind: 'answered', id: 'a', answer: 'accepted' });
    expect(wrist.acks()).toEqual([{ v: 1, id: 'a', answer: 'accepted', role: 'manager', watch: 'w-1' }]);
    expect(wrist.screen).toMatchObject({ kind: 'prompt', pending: { answer: 'accepted', failed: false } });
    wrist.tell(became('a', 'accepted', mine));
    expect(wrist.screen.kind).toBe('going');
    expect(wrist.screen).not.toHaveProperty('pending');
    expect(wrist.buzzes()).toEqual([patterns.tick]);
  });

  test('without the box for two seconds was not sent, and can be given again', () => {
    const wrist = worn().tell(raise('a')).tell({ kind: 'answered', id: 'a', answer: 'accepted' }).pass(1.5);
    expect(wrist.screen).toMatchObject({ pending: { failed: false } });
    wrist.tell({ kind: 'answered', id: 'a', answer: 'met' });
    expect(wrist.acks()).toHaveLength(1);
    wrist.pass(0.5);
    expect(wrist.screen).toMatchObject({ pending: { failed: true } });
    wrist.tell({ kind: 'answered', id: 'a', answer: 'accepted' });
    expect(wrist.acks()).toHaveLength(2);
    expect(wrist.screen).toMatchObject({ pending: { failed: false } });
  });

  test('the second half of a double tap on Going does not land on Met', () => {
    const wrist = worn()
      .tell(raise('a'))
      .tell({ kind: 'answered', id: 'a', answer: 'accepted' })
      .tell(became('a', 'accepted', mine))
      .tell({ kind: 'answered', id: 'a', answer: 'met' });
    expect(wrist.acks()).toHaveLength(1);
    wrist.pass(1).tell({ kind: 'answered', id: 'a', answer: 'met' });
    expect(wrist.acks()).toHaveLength(2);
  });

  test('undo gives it back to everybody, without a second buzz here', () => {
    const wrist = worn()
      .tell(raise('a'))
      .tell({ kind: 'answered', id: 'a', answer: 'accepted' })
      .tell(became('a', 'accepted', mine))
      .pass(1)
      .tell({ kind: 'answered', id: 'a', answer: 'undo' });
    wrist.buzzes();
    wrist.tell(became('a', 'raised', { at: moment(2) }));
    expect(wrist.screen.kind).toBe('prompt');
    expect(wrist.buzzes()).toEqual([patterns.tick]);
  });

  test('is refused by touch when somebody else was first', () => {
    const wrist = worn().tell(raise('a')).pass(1).tell({ kind: 'answered', id: 'a', answer: 'accepted' });
    wrist.buzzes();
    wrist.tell(became('a', 'accepted', { by: 'deputy', watch: 'w-2' }));
    expect(wrist.screen).toMatchObject({ kind: 'notice', notice: { outcome: 'taken-by', by: 'deputy' } });
    expect(wrist.buzzes()).toEqual([patterns.refused]);
  });

  test('a prompt this wearer goes to stays until it ends, past its expiry', () => {
    const wrist = worn()
      .tell(raise('a'))
      .tell({ kind: 'answered', id: 'a', answer: 'accepted' })
      .tell(became('a', 'accepted', mine))
      .pass(40)
      .tell(health('ok'))
      .pass(20);
    expect(wrist.screen.kind).toBe('going');
    wrist.tell(became('a', 'met', { reason: 'seen-met' }));
    expect(wrist.screen).toMatchObject({ kind: 'notice', notice: { outcome: 'met', afterSeconds: 60 } });
  });
});

describe('what others do', () => {
  test.each([
    ['the camera saw the contact', 'met', { reason: 'seen-met' }, 'met'],
    ['the customer left', 'withdrawn', { reason: 'left' }, 'left'],
    ['it went into another prompt', 'withdrawn', { reason: 'merged' }, 'merged'],
    ['the deputy goes', 'accepted', { by: 'deputy', watch: 'w-2' }, 'taken-by'],
    ['another manager goes', 'accepted', { by: 'manager', watch: 'w-9' }, 'taken-by'],
    ['the deputy skipped it', 'skipped', { by: 'deputy', watch: 'w-2' }, 'skipped-by'],
  ] as const)('%s: said for two seconds, in silence, the buzz stopped', (_title, phase, changes, outcome) => {
    const wrist = worn().tell(raise('a', { haptic: 'call' }));
    wrist.buzzes();
    wrist.tell(became('a', phase, changes));
    expect(wrist.screen).toMatchObject({ kind: 'notice', notice: { outcome } });
    expect(wrist.effects).toContainEqual({ kind: 'hush' });
    expect(wrist.effects).toContainEqual({ kind: 'unnotify', id: 'a' });
    expect(wrist.buzzes()).toEqual([]);
    wrist.pass(2);
    expect(wrist.screen.kind).toBe('idle');
  });

  test('a prompt another wearer gave back is shown again, and not felt again', () => {
    const wrist = worn()
      .tell(raise('a'))
      .tell(became('a', 'accepted', { by: 'deputy', watch: 'w-2' }))
      .pass(3);
    expect(wrist.screen.kind).toBe('idle');
    wrist.buzzes();
    wrist.tell(became('a', 'raised', { at: moment(3) }));
    expect(wrist.shown).toBe('a');
    expect(wrist.buzzes()).toEqual([]);
  });

  test('a touch stops the vibration', () => {
    const wrist = worn()
      .tell(raise('a', { haptic: 'call' }))
      .tell({ kind: 'touched' });
    expect(wrist.effects.at(-1)).toEqual({ kind: 'hush' });
  });
});

describe('a link that is lost', () => {
  test('is the whole page, counts up, and leaves by itself with what is still open', () => {
    const wrist = worn()
      .tell(raise('a', { expiresAt: moment(300) }))
      .tell(raise('b', { expiresAt: moment(300) }));
    wrist.tell({ kind: 'link-down' }).pass(40);
    expect(wrist.screen).toEqual({ kind: 'no-link', reason: 'link', seconds: 40 });
    wrist.buzzes();
    wrist
      .tell({ kind: 'link-up' })
      .tell(lobby([{ prompt: prompt('a', { expiresAt: moment(300) }), phase: 'raised' }], 39));
    expect(wrist.shown).toBe('a');
    wrist.pass(4);
    expect(wrist.shown).toBe('a');
    expect(Object.keys(wrist.state.open)).toEqual(['a']);
    expect(wrist.buzzes()).toEqual([]);
  });

  test('is told once on the wrist, after a minute, and not again for that outage', () => {
    const wrist = worn().tell({ kind: 'link-down' }).pass(59);
    expect(wrist.buzzes()).toEqual([]);
    wrist.pass(600);
    expect(wrist.buzzes()).toEqual([patterns.place]);
    wrist.tell({ kind: 'link-up' }).pass(1).tell({ kind: 'link-down' }).pass(61);
    expect(wrist.buzzes()).toEqual([patterns.place]);
  });

  test('leaves no answer pending: it was not sent', () => {
    const wrist = worn().tell(raise('a')).tell({ kind: 'answered', id: 'a', answer: 'accepted' });
    wrist.tell({ kind: 'link-down' }).tell({ kind: 'link-up' });
    expect(wrist.screen).toMatchObject({ pending: { failed: true } });
  });

  test('at the start is only called lost after two seconds', () => {
    const wrist = new Wrist();
    expect(wrist.screen.kind).toBe('connecting');
    expect(wrist.pass(2).screen).toMatchObject({ kind: 'no-link', seconds: 2 });
  });

  test('a box that is gone looks like what it is: no prompts come, though the broker is there', () => {
    const wrist = worn().tell(health('gone')).pass(5).tell(health('gone'));
    expect(wrist.screen).toEqual({ kind: 'no-link', reason: 'box', seconds: 5 });
    expect(wrist.tell(health('ok')).screen.kind).toBe('idle');
  });
});

describe('the list of open prompts', () => {
  test('is what a wrist that comes later goes by: shown in silence, and felt once should it come by itself', () => {
    const wrist = worn().tell(lobby([{ prompt: prompt('a'), phase: 'raised' }]));
    expect(wrist.shown).toBe('a');
    expect(wrist.buzzes()).toEqual([]);
    // The list may overtake the prompt.
    wrist.tell(raise('a'));
    expect(wrist.buzzes()).toEqual([patterns.arrival]);
    wrist.tell(raise('a', { people: 3 })).tell(lobby([{ prompt: prompt('a'), phase: 'raised' }], 1));
    expect(wrist.buzzes()).toEqual([]);
  });

  test('shows whom the wrist can bear no buzz for, and a buzz of another does not become theirs', () => {
    const wrist = worn().tell(lobby([{ prompt: prompt('a'), phase: 'raised' }]));
    wrist.tell(raise('b', { urgency: 'when-free', haptic: 'place', kind: 'divert' })).pass(2);
    expect(wrist.shown).toBe('a');
    expect(wrist.buzzes()).toEqual([]);
    wrist.tell(became('a', 'met', { at: moment(3) })).pass(3);
    expect(wrist.shown).toBe('b');
    expect(wrist.buzzes()).toEqual([patterns.place]);
  });

  test('knows what this wrist took before it was reloaded', () => {
    const wrist = worn().tell(lobby([{ prompt: prompt('a'), phase: 'accepted', ...mine }]));
    expect(wrist.screen.kind).toBe('going');
  });

  test('a prompt it does not name is over after a second; the reason, if it comes, is told', () => {
    const silent = worn().tell(raise('a')).pass(1).tell(lobby([], 1)).pass(0.5);
    expect(silent.shown).toBe('a');
    silent.pass(0.5);
    expect(silent.screen).toMatchObject({ kind: 'notice', notice: { outcome: 'withdrawn' } });

    const told = worn()
      .tell(raise('a'))
      .pass(1)
      .tell(lobby([], 1))
      .tell(became('a', 'met', { reason: 'seen-met' }));
    expect(told.screen).toMatchObject({ kind: 'notice', notice: { outcome: 'met' } });
  });

  test('made before a prompt was raised says nothing about it', () => {
    const wrist = worn()
      .pass(2)
      .tell(raise('a', { raisedAt: moment(2) }))
      .tell(lobby([], 1))
      .pass(5);
    expect(wrist.shown).toBe('a');
  });

  test('made before a tap was confirmed does not take the confirmation back', () => {
    const wrist = worn()
      .tell(raise('a'))
      .tell({ kind: 'answered', id: 'a', answer: 'accepted' })
      .tell(became('a', 'accepted', { ...mine, at: moment(3) }))
      .tell(lobby([{ prompt: prompt('a'), phase: 'raised' }], 2));
    expect(wrist.screen.kind).toBe('going');
  });
});

describe('what no camera sees', () => {
  const camera = (state: HealthPayload['cameras'][number]['state'], ...places: string[]) => ({
    id: places[0]!,
    state,
    since: moment(-130),
    framesPerSecond: 5,
    places,
  });
  const health = (
    cameras: HealthPayload['cameras'],
    state: HealthPayload['state'] = 'partly-blind',
  ): Told => ({
    kind: 'health',
    health: { v: 1, state, at: moment(0), cameras },
  });
  const named = () =>
    worn().tell({
      kind: 'branch',
      places: [
        { id: 'main-door', name: { zh: '门口', en: 'Door' } },
        { id: 'hall', name: { zh: '大厅', en: 'Hall' } },
      ],
      boxAt: start,
      askedAt: start,
    });

  test('is named, with how long for', () => {
    const wrist = named().tell(health([camera('lost', 'main-door'), camera('live', 'hall')]));
    expect(wrist.screen).toEqual({
      kind: 'unseen',
      places: [{ zh: '门口', en: 'Door' }],
      all: false,
      seconds: 130,
    });
  });

  test('is named as well when its camera gives pictures that show nothing', () => {
    const wrist = named().tell(health([camera('blind', 'main-door'), camera('live', 'hall')]));
    expect(wrist.screen).toMatchObject({ kind: 'unseen', places: [{ en: 'Door' }], all: false });
  });

  test('is nothing when another camera sees the place', () => {
    const wrist = named().tell(health([camera('quiet', 'hall'), camera('live', 'main-door', 'hall')]));
    expect(wrist.screen.kind).toBe('idle');
  });

  test('is the whole lobby when no camera is left', () => {
    const wrist = named().tell(health([camera('lost', 'main-door', 'hall')], 'blind'));
    expect(wrist.screen).toMatchObject({ kind: 'unseen', all: true });
  });

  test('does not hide a prompt from where a camera still sees', () => {
    const wrist = named()
      .tell(health([camera('lost', 'main-door'), camera('live', 'hall')]))
      .tell(raise('a'));
    expect(wrist.shown).toBe('a');
  });
});

describe('duty', () => {
  test('begins with a tap that buzzes once and asks whether it was felt', () => {
    const wrist = new Wrist({ onDuty: false }).tell({ kind: 'link-up' });
    expect(wrist.screen.kind).toBe('start');
    wrist.tell({ kind: 'duty-began' });
    expect(wrist.screen.kind).toBe('asking');
    expect(wrist.effects).toContainEqual({ kind: 'stay-awake', awake: true });
    expect(wrist.buzzes()).toEqual([patterns.arrival]);
    expect(wrist.tell({ kind: 'felt', felt: true }).screen.kind).toBe('idle');
  });

  test('one who felt nothing is told what to change, and hears a sound instead', () => {
    const wrist = new Wrist({ onDuty: false }).tell({ kind: 'link-up' }).tell({ kind: 'duty-began' });
    wrist.tell({ kind: 'felt', felt: false });
    expect(wrist.screen.kind).toBe('advising');
    wrist.tell({ kind: 'advice-read' }).pass(5);
    wrist.effects = [];
    wrist.tell(raise('a'));
    expect(wrist.effects).toContainEqual({
      kind: 'buzz',
      by: 'sound',
      pattern: patterns.arrival,
      afterMs: 0,
    });
  });

  test('a device that cannot vibrate sounds from the first', () => {
    expect(new Wrist({ canVibrate: false }).state.buzz).toBe('sound');
  });

  test('no question keeps prompts away for more than ten seconds', () => {
    const wrist = new Wrist({ onDuty: false }).tell({ kind: 'link-up' }).tell({ kind: 'duty-began' });
    wrist.tell(raise('a')).pass(10);
    expect(wrist.shown).toBe('a');
  });

  test('is begun in a role that can be chosen before it, and not in its midst', () => {
    const wrist = new Wrist({ onDuty: false }).tell({ kind: 'role', role: 'deputy' });
    expect(wrist.state.role).toBe('deputy');
    wrist.tell({ kind: 'link-up' }).tell({ kind: 'duty-began' }).tell({ kind: 'role', role: 'manager' });
    expect(wrist.state.role).toBe('deputy');
  });

  test('before and after it nothing buzzes', () => {
    const wrist = new Wrist({ onDuty: false }).tell({ kind: 'link-up' }).tell(raise('a'));
    expect(wrist.buzzes()).toEqual([]);
    const over = worn().tell({ kind: 'duty-ended' }).tell(raise('b'));
    expect(over.screen.kind).toBe('start');
    expect(over.buzzes()).toEqual([]);
  });
});

describe('going off duty', () => {
  const known = (onDuty: number) => {
    const wrist = worn();
    wrist.tell({
      kind: 'lobby',
      lobby: {
        v: 1,
        at: moment(0),
        inLobby: 3,
        toGreet: 1,
        inQueue: 0,
        staffSeen: 1,
        onDuty,
        zones: [],
        open: [],
      },
    });
    return wrist;
  };

  test('asks first, and says how many others there are to hand over to', () => {
    const wrist = known(3).tell({ kind: 'leave-asked' });
    expect(wrist.screen).toEqual({ kind: 'leaving', others: 2 });
    expect(wrist.tell({ kind: 'stayed' }).screen.kind).toBe('idle');
    expect(known(1).tell({ kind: 'leave-asked' }).screen).toEqual({ kind: 'leaving', others: 0 });
    expect(worn().tell({ kind: 'leave-asked' }).screen).toEqual({ kind: 'leaving' });
    expect(wrist.tell({ kind: 'leave-asked' }).tell({ kind: 'duty-ended' }).screen.kind).toBe('start');
  });

  test('is not asked for longer than ten seconds: a tap in a pocket keeps no prompt away', () => {
    const wrist = known(2).tell({ kind: 'leave-asked' }).tell(raise('a')).pass(10);
    expect(wrist.shown).toBe('a');
  });
});

describe('what was missed', () => {
  const missed = (count: number | undefined, at = 0): Told => ({
    kind: 'lobby',
    lobby: {
      v: 1,
      at: moment(at),
      zones: [],
      open: [],
      ...(count === undefined ? {} : { missed: count }),
    },
  });
  const away = (wrist: Wrist) => wrist.tell({ kind: 'link-down' }).pass(5).tell({ kind: 'link-up' });

  test('while the link was lost is told after it, until the wrist is touched', () => {
    const wrist = away(worn().tell(missed(3)));
    wrist.tell(missed(5, 6));
    expect(wrist.state.missed).toBe(2);
    wrist.tell(missed(6, 7)).pass(60);
    expect(wrist.state.missed).toBe(2);
    expect(wrist.tell({ kind: 'touched' }).state.missed).toBeUndefined();
    expect(away(worn().tell(missed(undefined))).tell(missed(2, 6)).state.missed).toBe(2);
  });

  test('is nothing where nothing expired, and all of it where the box began anew meanwhile', () => {
    expect(away(worn().tell(missed(3))).tell(missed(3, 6)).state.missed).toBeUndefined();
    expect(away(worn().tell(missed(undefined))).tell(missed(undefined, 6)).state.missed).toBeUndefined();
    expect(away(worn().tell(missed(3))).tell(missed(1, 6)).state.missed).toBe(1);
  });
});

describe('a lobby nobody has heard of for half a minute', () => {
  test('is not shown as now: the box is called offline, though the link stands', () => {
    const wrist = worn().tell(lobby([])).pass(29.5);
    expect(wrist.screen.kind).toBe('idle');
    expect(wrist.pass(0.5).screen).toEqual({ kind: 'no-link', reason: 'box', seconds: 30 });
    expect(wrist.tell(lobby([], 31)).screen.kind).toBe('idle');
  });
});

describe('a page nobody can see', () => {
  test('lets the system buzz with its notification, and does not buzz besides', () => {
    const wrist = worn().tell({ kind: 'visibility', isHidden: true });
    wrist.effects = [];
    wrist.tell(raise('a', { haptic: 'person', kind: 'approach' }));
    expect(wrist.effects).toContainEqual({
      kind: 'notify',
      prompt: expect.objectContaining({ id: 'a' }),
      buzz: { pattern: patterns.person, by: 'vibration' },
    });
    expect(wrist.buzzes()).toEqual([]);
    wrist.tell({ kind: 'visibility', isHidden: false });
    expect(wrist.buzzes()).toEqual([]);
  });
});

describe('how a prompt feels', () => {
  const kinds = [
    ['greet', 'arrival'],
    ['approach', 'person'],
    ['ask-queue', 'person'],
    ['divert', 'place'],
    ['patrol', 'place'],
    ['see-off', 'place'],
    ['check-machine', 'place'],
    ['attend', 'call'],
    ['support', 'call'],
  ] as const;
  const all = [
    ...kinds.map(([kind, haptic]) => patternOf({ kind, haptic, people: 1 })),
    patternOf({ kind: 'greet', haptic: 'arrival', people: 2 }),
  ];

  test('is its own for each kind, begins as its family does, and is over in a second and a half', () => {
    expect(new Set(all.map(String)).size).toBe(all.length);
    kinds.forEach(([, haptic], index) => {
      expect(all[index]!.slice(0, families[haptic].length)).toEqual(families[haptic]);
    });
    for (const pattern of all) {
      expect(pattern.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(1_500);
      // It ends with a pulse, not with a pause.
      expect(pattern.length % 2).toBe(1);
    }
  });

  test('is a call when it was passed on, whatever it was', () => {
    expect(patternOf({ kind: 'greet', haptic: 'call', people: 3 })).toEqual(families.call);
  });
});

describe('the battery', () => {
  test('is spared: a wrist nobody looks at is woken once a minute, with the lobby heard of each ten seconds', () => {
    const wrist = worn().tell(lobby([]));
    for (let ten = 0; ten < 60; ten += 1) wrist.live(10).tell(lobby([], 10 * ten));
    // Dimming, and ten full minutes.
    expect(wrist.looks).toBeLessThanOrEqual(12);
  });

  test('pays for seconds where they are shown, one look each', () => {
    const wrist = worn().tell(raise('a'));
    wrist.live(20);
    expect(wrist.looks).toBeGreaterThanOrEqual(19);
    expect(wrist.looks).toBeLessThanOrEqual(22);
  });

  /** What a wearer sees: the screen, with its seconds as they are written. */
  const seen = (state: WatchState) => {
    const screen = screenOf(state);
    return JSON.stringify({
      ...screen,
      ...('seconds' in screen && state.isHidden !== true ? { seconds: Math.floor(screen.seconds) } : {}),
      ...('seconds' in screen && state.isHidden === true ? { seconds: 0 } : {}),
      lobby: undefined,
    });
  };
  const happening = fc.oneof(
    fc.record({ id: fc.constantFrom('a', 'b'), for: fc.integer({ min: 1, max: 90 }) }).map(
      ({ id, for: seconds }) =>
        (at: number): Told =>
          raise(id, { raisedAt: moment(at), expiresAt: moment(at + seconds) }),
    ),
    fc
      .constantFrom<Told>(
        { kind: 'link-down' },
        { kind: 'link-up' },
        { kind: 'touched' },
        { kind: 'leave-asked' },
        { kind: 'quiet', seconds: 20 },
        { kind: 'visibility', isHidden: true },
        { kind: 'visibility', isHidden: false },
        { kind: 'answered', id: 'a', answer: 'accepted' },
        became('a', 'met'),
        lobby([]),
      )
      .map((told) => () => told),
  );
  const looksInTime = (state: WatchState, after: number): boolean => {
    const wake = nextLookAfter(state);
    const before = state.now + Math.min(wake, after) - 1;
    return before <= state.now || seen(step(state, { kind: 'tick', at: before })[0]) === seen(state);
  };

  test('is spared in no way a wearer could see: nothing changes by time alone before the page looks again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(happening, fc.double({ min: 0, max: 40, noNaN: true })), { maxLength: 12 }),
        fc.integer({ min: 1, max: 60_000 }),
        (story, after) => {
          const wrist = worn();
          for (const [happens, seconds] of story) wrist.tell(happens(wrist.now)).live(seconds);
          expect(looksInTime(wrist.state, after)).toBe(true);
        },
      ),
    );
    // The control: a page that looked only once a minute would be caught.
    const held = worn().tell(raise('a')).state;
    expect(seen(step(held, { kind: 'tick', at: held.now + 31_000 })[0])).not.toBe(seen(held));
  });
});

describe('idle', () => {
  test('dims after half a minute without a touch, and a prompt wakes it', () => {
    const wrist = worn().pass(20).tell(lobby([])).pass(9);
    expect(wrist.screen).toMatchObject({ kind: 'idle', dimmed: false });
    expect(wrist.pass(1).screen).toMatchObject({ kind: 'idle', dimmed: true });
    wrist.tell(raise('a', { raisedAt: moment(wrist.now), expiresAt: moment(wrist.now + 30) }));
    expect(wrist.screen.kind).toBe('prompt');
  });
});

describe('bounds', () => {
  test('no day is long enough to fill the wrist', () => {
    const wrist = worn();
    for (let number = 0; number < 300; number += 1) {
      wrist.tell(raise(`p-${number}`));
      if (number % 2 === 0) wrist.tell(became(`p-${number}`, 'met'));
    }
    expect(Object.keys(wrist.state.open).length).toBeLessThanOrEqual(32);
    expect(wrist.state.ended.length).toBeLessThanOrEqual(50);
    expect(wrist.state.past).toHaveLength(5);
  });
});
