import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Happening, happeningKinds } from '../../../src/core/behaviours/behaviour.ts';
import {
  decide,
  noPrompts,
  type PromptScene,
  type PromptSettings,
  type PromptState,
  promptDefaults,
} from '../../../src/core/prompts/decide.ts';
import { answers, promptKinds, roles } from '../../../src/core/prompts/kinds.ts';
import {
  type AnswerGiven,
  type PromptChange,
  silenceReasons,
  type Verdict,
} from '../../../src/core/prompts/prompt.ts';
import type { Role, Visit } from '../../../src/core/visits/visit.ts';

const visit = (id: string, x = 0, role: Role = 'customer', seenAt = 0): Visit => ({
  id,
  plane: 'floor',
  role,
  phase: 'inside',
  sightings: [],
  at: { x, y: 0 },
  velocity: { x: 0, y: 0 },
  unit: 1,
  bornAt: 0,
  bornWhere: { x, y: 0 },
  seenAt,
  seenBy: 'hall',
  arrivedAt: 0,
  path: [],
});
const happening = (
  kind: Happening['kind'],
  at: number,
  id?: string,
  more: Partial<Happening> = {},
): Happening => ({
  at,
  kind,
  role: 'customer',
  plane: 'floor',
  ...(id === undefined ? {} : { visit: id }),
  ...(kind === 'arrived' || kind === 'departed' ? { zone: 'main-door' } : {}),
  ...(kind === 'waited-long' || kind === 'left-queue' || kind === 'queue-long' ? { zone: 'cash' } : {}),
  ...more,
});

/** Six customers, three of them in the queue, and a manager far away. */
const lobby = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].map((id, i) => visit(id, i * 0.1));
const queues = (at: number) => [{ zone: 'cash', visits: ['v4', 'v5', 'v6'], longestSeconds: at }];

interface Moment {
  readonly at: number;
  readonly happenings?: readonly Happening[];
  readonly answers?: readonly AnswerGiven[];
  readonly visits?: readonly Visit[];
  readonly queues?: PromptScene['queues'];
}

/** Prompts that are over before the next customer comes. */
const brief = Object.fromEntries(promptKinds.map((kind) => [kind, 4])) as PromptSettings['usefulSeconds'];

class Desk {
  state: PromptState;
  readonly verdicts: Verdict[] = [];
  readonly changes: PromptChange[] = [];

  constructor(
    readonly settings: PromptSettings = promptDefaults,
    seed = 1,
  ) {
    this.state = noPrompts(seed);
  }

  /** What was decided and changed at one moment. */
  at({ at, happenings = [], answers: given = [], visits = lobby, queues: rows = queues(at) }: Moment) {
    const scene = { at, visits, happenings, queues: rows };
    const [state, verdicts, changes] = decide(this.state, scene, { answers: given }, this.settings);
    this.state = state;
    this.verdicts.push(...verdicts);
    this.changes.push(...changes);
    return { verdicts, changes, gist: verdicts.map(gist), ended: changes.map(change) };
  }

  arrive(at: number, ...ids: string[]) {
    return this.at({ at, happenings: ids.map((id) => happening('arrived', at, id)) });
  }

  answer(at: number, answer: AnswerGiven['answer'], watch = 'w-1', id = this.state.open[0]?.id ?? 'none') {
    return this.at({ at, answers: [{ id, answer, role: 'manager', watch }] });
  }
}
const gist = ({ decision }: Verdict) => (decision.kind === 'prompt' ? 'prompt' : decision.reason);
const change = ({ kind, prompt, reason }: PromptChange) =>
  `${kind} ${prompt.kind} ${prompt.phase}${reason === undefined ? '' : ` ${reason}`}`;

describe('Deciding what to say', () => {
  it('asks to greet whoever arrives, at their door, at once', () => {
    const { verdicts, changes } = new Desk().arrive(5, 'v1');
    expect(verdicts.map(gist)).toEqual(['prompt']);
    expect(changes).toMatchObject([
      {
        kind: 'raised',
        prompt: {
          kind: 'greet',
          place: 'main-door',
          people: 1,
          urgency: 'now',
          haptic: 'arrival',
          phase: 'raised',
          raisedAt: 5,
          expiresAt: 5 + promptDefaults.usefulSeconds.greet,
          visits: ['v1'],
        },
      },
    ]);
    expect(verdicts[0]!.decision).toEqual({ kind: 'prompt', prompt: changes[0]!.prompt.id });
  });

  it('asks to approach whoever wanders, in the hall', () => {
    const { changes } = new Desk().at({ at: 30, happenings: [happening('wandering', 30, 'v1')] });
    expect(changes).toMatchObject([
      { prompt: { kind: 'approach', place: 'hall', urgency: 'soon', waitedSeconds: 30 } },
    ]);
  });

  it('asks the queue for all who stand in it, whoever has waited long', () => {
    const { changes } = new Desk().at({ at: 200, happenings: [happening('waited-long', 200, 'v4')] });
    expect(changes).toMatchObject([
      {
        prompt: {
          kind: 'ask-queue',
          place: 'cash',
          people: 3,
          waitedSeconds: 200,
          visits: ['v4', 'v5', 'v6'],
        },
      },
    ]);
  });

  it.each(['departed', 'queued', 'left-queue', 'contacted'] as const)(
    'has nothing to ask when somebody %s',
    (kind) => {
      expect(new Desk().at({ at: 5, happenings: [happening(kind, 5, 'v1')] }).gist).toEqual([
        'nothing-to-ask',
      ]);
    },
  );

  it('makes one prompt of a group', () => {
    const desk = new Desk();
    expect(desk.arrive(5, 'v1', 'v2').gist).toEqual(['prompt', 'merged']);
    const { changes, gist: late } = desk.arrive(8, 'v3');
    expect(late).toEqual(['merged']);
    expect(changes.map(({ kind, prompt }) => [kind, prompt.people])).toEqual([['grew', 3]]);
    expect(desk.state.open).toHaveLength(1);
  });

  it('makes another prompt for whoever comes after the group, or by another door', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    expect(desk.arrive(5 + promptDefaults.mergeSeconds + 0.1, 'v2').gist).toEqual(['prompt']);
    const side = happening('arrived', 10, 'v3', { zone: 'side-door' });
    expect(desk.at({ at: 10, happenings: [side] }).gist).toEqual(['prompt']);
  });

  it('does not add to a greeting that somebody has already taken', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    desk.answer(6, 'accepted');
    expect(desk.arrive(7, 'v2').gist).toEqual(['prompt']);
  });

  it('is silent with staff near, and says how near', () => {
    const staff = visit('v9', 1.5, 'staff', 5);
    const { verdicts } = new Desk().at({
      at: 5,
      visits: [...lobby, staff],
      happenings: [happening('arrived', 5, 'v1')],
    });
    expect(verdicts[0]!.decision).toEqual({ kind: 'silence', reason: 'staff-near', metres: 1.5 });
  });

  it('is silent with staff on the way, and says how near and how fast', () => {
    const walking = (x: number, vx: number, vy = 0): Visit => ({
      ...visit('v9', x, 'staff', 5),
      velocity: { x: vx, y: vy },
    });
    const decided = (staff: Visit) =>
      new Desk().at({ at: 5, visits: [...lobby, staff], happenings: [happening('arrived', 5, 'v1')] })
        .verdicts[0]!.decision;
    expect(decided(walking(4.5, -1.2))).toEqual({
      kind: 'silence',
      reason: 'staff-near',
      metres: 4.5,
      metresPerSecond: 1.2,
    });
    // Away, slowly, from far, or past the customer.
    for (const staff of [walking(4.5, 1.2), walking(4.5, -0.4), walking(6.5, -1.2), walking(4.5, -1, 0.6)]) {
      expect(decided(staff)).toMatchObject({ kind: 'prompt' });
    }
  });

  it('says it after all when staff were only passing', () => {
    const desk = new Desk();
    const staffAt = (x: number, at: number) => [
      ...lobby.map((one) => ({ ...one, seenAt: at })),
      visit('v9', x, 'staff', at),
    ];
    desk.at({ at: 5, visits: staffAt(1, 5), happenings: [happening('arrived', 5, 'v1')] });
    expect(desk.at({ at: 8, visits: staffAt(1, 8) }).ended).toEqual([]);
    expect(desk.at({ at: 9, visits: staffAt(8, 9) }).ended).toEqual([]);
    expect(desk.at({ at: 11, visits: staffAt(8, 11) }).ended).toEqual(['raised greet raised']);
    expect(desk.at({ at: 20, visits: staffAt(8, 20) }).ended).toEqual([]);
  });

  it('does not say it any more of who was met, queues, has gone, or had staff with them for long', () => {
    const later = (more: Partial<Moment>, leaveAt = 8) => {
      const desk = new Desk();
      const staff = (x: number, at: number) => [...lobby, visit('v9', x, 'staff', at)];
      desk.at({ at: 5, visits: staff(1, 5), happenings: [happening('arrived', 5, 'v1')], queues: [] });
      for (let at = 6; at < leaveAt; at++) desk.at({ at, visits: staff(1, at), queues: [] });
      desk.at({ at: leaveAt, visits: staff(8, leaveAt), queues: [], ...more });
      const last = { at: leaveAt + 3, visits: staff(8, leaveAt + 3), queues: [], ...more };
      return desk.at({ ...last, happenings: [] }).ended;
    };
    expect(later({})).toEqual(['raised greet raised']);
    expect(later({ happenings: [happening('contacted', 8, 'v1')] })).toEqual([]);
    expect(later({ queues: [{ zone: 'cash', visits: ['v1'], longestSeconds: 1 }] })).toEqual([]);
    expect(later({ visits: [] })).toEqual([]);
    expect(later({}, 26)).toEqual([]);
  });

  it('is not silent for staff who were there a moment ago, or are far', () => {
    const at = (staff: Visit) =>
      new Desk().at({ at: 5, visits: [...lobby, staff], happenings: [happening('arrived', 5, 'v1')] }).gist;
    expect(at(visit('v9', 1.5, 'staff', 3))).toEqual(['prompt']);
    expect(at(visit('v9', 2.5, 'staff', 5))).toEqual(['prompt']);
  });

  it('says nothing twice of one visit', () => {
    const desk = new Desk();
    const wanders = (at: number) => desk.at({ at, happenings: [happening('wandering', at, 'v1')] }).gist;
    expect(wanders(20)).toEqual(['prompt']);
    expect(wanders(60)).toEqual(['already-said']);
    // Also long after the prompt is gone from the wrist.
    expect(wanders(500)).toEqual(['already-said']);
  });

  it('asks a queue again only after a while', () => {
    const desk = new Desk();
    const long = (at: number) => desk.at({ at, happenings: [happening('queue-long', at)] }).gist;
    expect(long(10)).toEqual(['prompt']);
    expect(long(20)).toEqual(['already-said']);
    expect(long(150)).toEqual(['already-said']);
    expect(long(10 + promptDefaults.queueRepeatSeconds)).toEqual(['prompt']);
  });

  it('does not ask for what somebody is already seeing to', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    desk.answer(6, 'accepted');
    expect(desk.at({ at: 20, happenings: [happening('wandering', 20, 'v1')] }).gist).toEqual([
      'accepted-elsewhere',
    ]);
  });

  it('need not greet as new whom it now asks to approach', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    const { ended } = desk.at({ at: 20, happenings: [happening('wandering', 20, 'v1')] });
    expect(ended).toEqual(['state greet withdrawn merged', 'raised approach raised']);
  });

  it('keeps to its budget, and speaks again when the time is over', () => {
    const desk = new Desk({
      ...promptDefaults,
      budget: 3,
      sustained: 3,
      budgetSeconds: 100,
      usefulSeconds: brief,
    });
    const said = [0, 10, 20, 99.9, 100].map((at, i) => desk.arrive(at, `v${i + 1}`).gist[0]);
    // One of the three is kept for a round or a call.
    expect(said).toEqual(['prompt', 'prompt', 'budget', 'budget', 'prompt']);
    // Who is still owed a greeting joins the one that may be said; who stands in a queue by then needs none.
    expect(desk.changes.at(-1)).toMatchObject({ at: 100, kind: 'grew', prompt: { visits: ['v5', 'v3'] } });
  });

  it('gives a wrist its whole allowance at once, and then no more than it keeps up', () => {
    const desk = new Desk({ ...promptDefaults, usefulSeconds: brief });
    const many = Array.from({ length: 400 }, (_, i) => visit(`g${i}`));
    for (const [i, one] of many.entries()) {
      desk.at({ at: 10 * i, visits: [one], happenings: [happening('arrived', 10 * i, one.id)], queues: [] });
    }
    const raised = desk.changes.filter(({ kind }) => kind === 'raised').map(({ at }) => at);
    const within = (from: number) => raised.filter((at) => at >= from && at < from + 600).length;
    expect(within(0)).toBe(promptDefaults.budget - 1);
    expect(within(1200)).toBeLessThanOrEqual(promptDefaults.sustained + 1);
    expect(within(2400)).toBeLessThanOrEqual(promptDefaults.sustained + 1);
  });

  it('tells later of those it was silent about for want of budget, all in one, unless they are seen to', () => {
    const settings = { ...promptDefaults, budget: 2, sustained: 2, budgetSeconds: 40, usefulSeconds: brief };
    const desk = new Desk(settings);
    expect(desk.arrive(0, 'v1').gist).toEqual(['prompt']);
    expect(desk.arrive(10, 'v2', 'v3').gist).toEqual(['budget', 'merged']);
    expect(desk.at({ at: 20, happenings: [happening('contacted', 20, 'v2')] }).ended).toEqual([
      'state greet expired too-late',
    ]);
    expect(desk.at({ at: 39 }).changes).toEqual([]);
    const [change, ...others] = desk.at({ at: 40 }).changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      kind: 'raised',
      prompt: { kind: 'greet', place: 'hall', people: 1, visits: ['v3'], waitedSeconds: 30 },
    });
    expect(desk.state.owed).toEqual([]);
  });

  it('lets newcomers join a greeting that waits, from wherever, when little of the allowance is left', () => {
    const desk = new Desk({ ...promptDefaults, mergeSeconds: 0 });
    desk.arrive(0, 'v1');
    expect(desk.arrive(5, 'v2').gist).toEqual(['prompt']);
    desk.arrive(10, 'v3');
    // Half of six are gone, and little has come back.
    expect(
      desk.at({ at: 20, happenings: [happening('arrived', 20, 'v4', { zone: 'side-door' })], queues: [] })
        .gist,
    ).toEqual(['merged']);
    expect(desk.changes.at(-1)).toMatchObject({
      kind: 'grew',
      prompt: { people: 2, places: ['main-door', 'side-door'], visits: ['v1', 'v4'] },
    });
    expect(desk.state.open[0]!.expiresAt).toBe(20 + promptDefaults.usefulSeconds.greet);
  });

  it('keeps to its bound of open prompts, and counts what it let go', () => {
    const desk = new Desk({ ...promptDefaults, mostOpen: 2, budget: 100, mergeSeconds: 0 });
    const said = [0, 1, 2].map((at, i) => desk.arrive(at, `v${i + 1}`).gist[0]);
    expect(said).toEqual(['prompt', 'prompt', 'too-many-open']);
    expect(desk.state.letGo).toBe(1);
  });
});

describe('Deciding what to say of the lobby as a whole', () => {
  const place = (kind: Happening['kind'], at: number, more: Partial<Happening> = {}): Happening => ({
    at,
    kind,
    role: 'customer',
    plane: 'floor',
    ...more,
  });
  const over = (
    at: number,
    of: Happening['kind'],
    because: Happening['because'],
    more: Partial<Happening> = {},
  ) => place('over', at, { of, ...(because === undefined ? {} : { because }), ...more });
  const divert = (at: number) =>
    place('divert', at, { zone: 'cash', towards: 'atm', people: 4, figures: { free: 2 } });

  it.each([
    ['crowded', 'support', 'now', 'call', ['branch-head']],
    ['unattended', 'attend', 'now', 'call', ['manager', 'deputy']],
    ['divert', 'divert', 'soon', 'place', undefined],
    ['patrol', 'patrol', 'when-free', 'place', undefined],
    ['machine-trouble', 'check-machine', 'when-free', 'place', undefined],
    ['farewell', 'see-off', 'now', 'place', undefined],
  ] as const)('%s asks to %s: how soon, how it feels, for whom', (kind, prompt, urgency, haptic, to) => {
    const one = place(kind, 5, kind === 'farewell' ? { visit: 'v1', zone: 'vip' } : { people: 7 });
    const { changes } = new Desk().at({ at: 5, happenings: [one] });
    expect(changes).toMatchObject([{ kind: 'raised', prompt: { kind: prompt, urgency, haptic } }]);
    expect(changes[0]!.prompt.to).toEqual(to);
    expect(changes[0]!.prompt.people).toBe(kind === 'farewell' ? 1 : 7);
  });

  it('sends people where there is room', () => {
    const { changes } = new Desk().at({ at: 5, happenings: [divert(5)] });
    expect(changes[0]!.prompt).toMatchObject({ place: 'cash', towards: 'atm', free: 2, people: 4 });
  });

  it('tells nothing of a customer who leaves the VIP zone, not even how long they were there', () => {
    const one = place('farewell', 500, { visit: 'v1', zone: 'vip' });
    expect(new Desk().at({ at: 500, happenings: [one] }).changes[0]!.prompt).toMatchObject({
      people: 1,
      waitedSeconds: 0,
    });
  });

  it.each([
    ['staff-came', 'met seen-met'],
    ['people-left', 'withdrawn left'],
    ['eased', 'withdrawn over'],
    ['unheeded', 'expired too-late'],
  ] as const)('takes it back by itself when it is over: %s is %s', (because, end) => {
    const desk = new Desk();
    desk.at({ at: 5, happenings: [place('patrol', 5, { people: 3, zone: 'atm' })] });
    expect(desk.at({ at: 9, happenings: [over(9, 'patrol', because)] }).ended).toEqual([]);
    expect(desk.at({ at: 9, happenings: [over(9, 'patrol', because, { zone: 'atm' })] }).ended).toEqual([
      `state patrol ${end}`,
    ]);
  });

  it('does not ask the same of a place again soon after it was over', () => {
    const desk = new Desk();
    const again = (at: number) => desk.at({ at, happenings: [divert(at)] }).gist;
    expect(again(5)).toEqual(['prompt']);
    expect(again(6)).toEqual(['already-said']);
    desk.at({ at: 20, happenings: [over(20, 'divert', 'eased', { zone: 'cash' })] });
    expect(again(60)).toEqual(['already-said']);
    expect(again(5 + promptDefaults.repeatSeconds.divert!)).toEqual(['prompt']);
  });

  it('keeps room for what must not be missed when the budget is spent, and a round for what it left out', () => {
    const desk = new Desk({
      ...promptDefaults,
      budget: 2,
      mergeSeconds: 0,
      usefulSeconds: { ...brief, patrol: 60 },
    });
    desk.arrive(0, 'v1');
    expect(desk.arrive(10, 'v2').gist).toEqual(['budget']);
    expect(desk.state.overBudgetAt).toBe(10);
    expect(desk.at({ at: 11, happenings: [divert(11)] }).gist).toEqual(['budget']);
    expect(desk.at({ at: 12, happenings: [place('crowded', 12)] }).gist).toEqual(['prompt']);
    expect(desk.at({ at: 14, happenings: [place('patrol', 14)] }).gist).toEqual(['prompt']);
    // What comes now is part of the round.
    expect(desk.arrive(15, 'v3').gist).toEqual(['merged']);
    // And nothing at all goes beyond the ceiling.
    expect(desk.at({ at: 16, happenings: [place('unattended', 16)] }).gist).toEqual(['budget']);
    expect(desk.at({ at: 80 }).verdicts).toEqual([]);
    expect(desk.state.overBudgetAt).toBeUndefined();
  });

  it("does not let the branch head's prompts fill the manager's budget", () => {
    const desk = new Desk({ ...promptDefaults, budget: 1 });
    desk.at({ at: 5, happenings: [place('crowded', 5)] });
    expect(desk.arrive(6, 'v1').gist).toEqual(['prompt']);
  });

  it('asks for a round in place of greetings nobody has taken, and not of those somebody has', () => {
    const desk = new Desk({ ...promptDefaults, mergeSeconds: 0 });
    desk.arrive(5, 'v1');
    desk.answer(6, 'accepted');
    desk.arrive(7, 'v2');
    const { ended } = desk.at({
      at: 20,
      happenings: [place('patrol', 20, { visits: ['v1', 'v2'], people: 2 })],
    });
    expect(ended).toEqual(['state greet withdrawn merged', 'raised patrol raised']);
    expect(desk.state.open.map((one) => one.kind)).toEqual(['greet', 'patrol']);
  });

  it('asks once about a queue that is long and could go elsewhere', () => {
    const long = (at: number) => happening('queue-long', at);
    const first = new Desk();
    first.at({ at: 5, happenings: [long(5)] });
    expect(first.at({ at: 15, happenings: [divert(15)] }).ended).toEqual([
      'state ask-queue withdrawn merged',
      'raised divert raised',
    ]);
    const second = new Desk();
    second.at({ at: 5, happenings: [divert(5)] });
    expect(second.at({ at: 15, happenings: [long(15)] }).gist).toEqual(['merged']);
  });

  it('asks for no round while it calls for somebody to come to the hall at all', () => {
    const desk = new Desk();
    desk.at({ at: 5, happenings: [place('patrol', 5, { zone: 'atm' })] });
    expect(desk.at({ at: 9, happenings: [place('unattended', 9)] }).ended).toEqual([
      'state patrol withdrawn merged',
      'raised attend raised',
    ]);
    expect(desk.at({ at: 20, happenings: [place('patrol', 20, { zone: 'cash' })] }).gist).toEqual(['merged']);
  });

  it('leaves a farewell to staff who are there', () => {
    const staff = visit('v9', 1.5, 'staff', 5);
    const one = place('farewell', 5, { visit: 'v1', zone: 'vip' });
    const desk = new Desk();
    expect(desk.at({ at: 5, visits: [...lobby, staff], happenings: [one] }).gist).toEqual(['staff-near']);
    // Too late is too late: it is not said when they have parted.
    expect([desk.at({ at: 10 }).ended, desk.at({ at: 13 }).ended]).toEqual([[], []]);
  });
});

describe('The end of a prompt', () => {
  const met = (at: number, id: string) => happening('contacted', at, id);
  const gone = (at: number, id: string) => happening('departed', at, id);

  it('is the camera seeing the customer met: the tap is not needed', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    expect(desk.at({ at: 9, happenings: [met(9, 'v1')] }).ended).toEqual(['state greet met seen-met']);
    expect(desk.state.open).toEqual([]);
  });

  it('is the customer leaving', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    expect(desk.at({ at: 9, happenings: [gone(9, 'v1')] }).ended).toEqual(['state greet withdrawn left']);
  });

  it('waits for all of a group, and is met if any of them was', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1', 'v2');
    expect(desk.at({ at: 9, happenings: [met(9, 'v1')] }).ended).toEqual([]);
    expect(desk.state.open).toHaveLength(1);
    expect(desk.at({ at: 12, happenings: [gone(12, 'v2')] }).ended).toEqual(['state greet met seen-met']);
  });

  it('comes for a whole queue when one in it is spoken to', () => {
    const desk = new Desk();
    desk.at({ at: 200, happenings: [happening('waited-long', 200, 'v4')] });
    expect(desk.at({ at: 210, happenings: [met(210, 'v5')] }).ended).toEqual([
      'state ask-queue met seen-met',
    ]);
  });

  it('comes for a queue when the last of those it was about has left it', () => {
    const desk = new Desk();
    desk.at({ at: 200, happenings: [happening('waited-long', 200, 'v4')] });
    const leave = (at: number, id: string) =>
      desk.at({ at, happenings: [happening('left-queue', at, id)] }).ended;
    expect([leave(201, 'v4'), leave(202, 'v5')]).toEqual([[], []]);
    expect(leave(203, 'v6')).toEqual(['state ask-queue withdrawn left']);
  });

  it('is its time being over', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    expect(desk.at({ at: 49.9 }).ended).toEqual([]);
    expect(desk.at({ at: 50 }).ended).toEqual(['state greet expired too-late']);
  });

  it('comes later for one that was taken, but comes', () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    desk.answer(10, 'accepted');
    expect(desk.at({ at: 60 }).ended).toEqual([]);
    expect(desk.at({ at: 95 }).ended).toEqual(['state greet expired too-late']);
  });
});

describe('An answer from a wrist', () => {
  const raised = () => {
    const desk = new Desk();
    desk.arrive(5, 'v1');
    return desk;
  };

  it('takes a prompt with the first tap, and says whose', () => {
    const { changes } = raised().answer(6, 'accepted', 'w-1');
    expect(changes).toMatchObject([
      { kind: 'state', prompt: { phase: 'accepted', by: 'manager', watch: 'w-1' }, reason: 'answered' },
    ]);
  });

  it('that comes second is told who has it', () => {
    const desk = raised();
    desk.answer(6, 'accepted', 'w-1');
    for (const second of ['accepted', 'not-needed', 'undo'] as const) {
      expect(desk.answer(7, second, 'w-2').changes).toMatchObject([
        { prompt: { phase: 'accepted', watch: 'w-1' } },
      ]);
    }
    expect(desk.state.open[0]).toMatchObject({ phase: 'accepted', watch: 'w-1' });
  });

  it('of undo gives it back to all', () => {
    const desk = raised();
    desk.answer(6, 'accepted', 'w-1');
    const { changes } = desk.answer(7, 'undo', 'w-1');
    expect(changes).toMatchObject([{ prompt: { phase: 'raised' } }]);
    expect(changes[0]!.prompt).not.toHaveProperty('watch');
    expect(changes[0]!.prompt).not.toHaveProperty('by');
    expect(desk.answer(8, 'accepted', 'w-2').changes).toMatchObject([{ prompt: { watch: 'w-2' } }]);
  });

  it('of undo without having taken it changes nothing', () => {
    const desk = raised();
    const before = desk.state.open;
    desk.answer(6, 'undo');
    expect(desk.state.open).toEqual(before);
  });

  it('of met ends it, whoever had taken it', () => {
    const desk = raised();
    desk.answer(6, 'accepted', 'w-1');
    expect(desk.answer(7, 'met', 'w-2').ended).toEqual(['state greet met answered']);
    expect(desk.state.open).toEqual([]);
  });

  it('of not needed ends it as skipped', () => {
    expect(raised().answer(6, 'not-needed').ended).toEqual(['state greet skipped answered']);
  });

  it('to a prompt that is gone, or never was, is ignored', () => {
    const desk = raised();
    const { id } = desk.state.open[0]!;
    desk.answer(6, 'met');
    for (const name of [id, 'nobody', ''])
      expect(desk.answer(7, 'accepted', 'w-1', name).changes).toEqual([]);
  });

  it('that comes just in time keeps it', () => {
    const desk = raised();
    expect(desk.answer(50, 'accepted').ended).toEqual(['state greet accepted answered']);
    expect(desk.state.open).toHaveLength(1);
  });
});

describe('Whatever happens and whoever taps', () => {
  const ids = lobby.map((one) => one.id);
  const anyMoment = fc.record({
    after: fc.integer({ min: 0, max: 120 }),
    happenings: fc.array(fc.tuple(fc.constantFrom(...happeningKinds), fc.constantFrom(...ids)), {
      maxLength: 4,
    }),
    tap: fc.option(fc.tuple(fc.constantFrom(...answers), fc.constantFrom('w-1', 'w-2'), fc.nat(3))),
    there: fc.subarray(ids, { minLength: 3 }),
  });
  const anyDay = fc.array(anyMoment, { minLength: 1, maxLength: 40 });
  const tight: PromptSettings = {
    ...promptDefaults,
    budget: 4,
    budgetSeconds: 300,
    mostOpen: 3,
    mergeSeconds: 2,
  };

  function spend(day: readonly (typeof anyMoment extends fc.Arbitrary<infer M> ? M : never)[], seed = 1) {
    const desk = new Desk(tight, seed);
    const steps = [];
    let at = 0;
    for (const { after, happenings, tap, there } of day) {
      at += after;
      const open = desk.state.open;
      const given: AnswerGiven[] =
        tap === null
          ? []
          : [{ id: open[tap[2]]?.id ?? 'gone', answer: tap[0], role: roles[tap[2] % 3]!, watch: tap[1] }];
      const all = happenings.map(([kind, id]) => happening(kind, at, kind === 'queue-long' ? undefined : id));
      const visits = lobby.filter((one) => there.includes(one.id));
      steps.push({
        at,
        happenings: all,
        ...desk.at({ at, happenings: all, answers: given, visits }),
        state: desk.state,
      });
    }
    return { steps, desk };
  }

  it('every happening gets exactly one verdict, in order', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        for (const { happenings, verdicts } of spend(day).steps) {
          expect(verdicts.map((one) => one.happening)).toEqual(happenings);
          for (const { decision } of verdicts) {
            if (decision.kind === 'silence') expect(silenceReasons).toContain(decision.reason);
          }
        }
      }),
    );
  });

  it('there are never more open than allowed, nor more raised than the budget in any stretch of its length', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const { steps, desk } = spend(day);
        for (const { state } of steps) expect(state.open.length).toBeLessThanOrEqual(tight.mostOpen);
        const raised = desk.changes
          .filter((one) => one.kind === 'raised' && one.prompt.kind !== 'support')
          .map((one) => one.at);
        for (const from of raised) {
          const within = raised.filter((at) => at >= from && at < from + tight.budgetSeconds);
          expect(within.length).toBeLessThanOrEqual(tight.budget);
        }
      }),
    );
  });

  it('names are different from each other, and the same from the same seed', () => {
    fc.assert(
      fc.property(anyDay, fc.integer(), (day, seed) => {
        const names = (one: Desk) =>
          one.changes.filter(({ kind }) => kind === 'raised').map(({ prompt }) => prompt.id);
        const first = names(spend(day, seed).desk);
        expect(new Set(first).size).toBe(first.length);
        expect(names(spend(day, seed).desk)).toEqual(first);
      }),
    );
  });

  it('a prompt is raised once, ends once at most, and nothing is heard of it after', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const { desk } = spend(day);
        const over = new Set<string>();
        const known = new Set<string>();
        for (const { kind, prompt } of desk.changes) {
          expect(over).not.toContain(prompt.id);
          const begins =
            kind === 'raised' || (kind === 'listed' && prompt.silent === true && !known.has(prompt.id));
          expect(known.has(prompt.id)).toBe(!begins);
          known.add(prompt.id);
          if (!['raised', 'accepted'].includes(prompt.phase)) over.add(prompt.id);
        }
        const open = desk.state.open.map((one) => one.id);
        expect([...known].filter((id) => !over.has(id)).sort()).toEqual([...open].sort());
      }),
    );
  });

  it('nobody is the subject of two prompts of one kind while they are there', () => {
    const aboutPeople = ['greet', 'approach', 'see-off'];
    fc.assert(
      fc.property(anyDay, (day) => {
        const all = day.map((moment) => ({ ...moment, there: ids }));
        const asked = spend(all)
          .desk.changes.filter(({ kind, prompt }) => kind === 'raised' && aboutPeople.includes(prompt.kind))
          .flatMap(({ prompt }) => prompt.visits.map((one) => `${prompt.kind} ${one}`));
        expect(new Set(asked).size).toBe(asked.length);
      }),
    );
  });

  it('it can be stopped, saved and gone on with', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        for (const { state } of spend(day).steps) expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });

  it('control: these days are full enough to reach every limit', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(anyDay, (day) => {
        for (const one of spend(day).desk.verdicts) reached.add(gist(one));
      }),
      { numRuns: 200 },
    );
    for (const reason of [
      'prompt',
      'budget',
      'too-many-open',
      'merged',
      'already-said',
      'accepted-elsewhere',
    ]) {
      expect(reached).toContain(reason);
    }
  });
});
