import type { BranchStore } from '../edge/settings/branch-store.ts';
import { describeSettings } from '../src/contract/describe-settings.ts';
import type { JournalLine } from '../src/contract/journal.ts';
import type { SettingsChange } from '../src/contract/settings.ts';

/** A moment of the day that is told: UTC. */
export const morningAt = (time: string, ms = 0, day = '2026-11-24') =>
  new Date(Date.parse(`${day}T${time}.000Z`) + ms).toISOString();

const idOf = (number: number) => String(number).padStart(26, '0');
const customer = { kind: 'verdict', role: 'customer' } as const;

type Told = {
  [Kind in JournalLine['kind']]: Omit<Extract<JournalLine, { kind: Kind }>, 'v'>;
}[JournalLine['kind']];

/**
 * A morning of a branch, line by line as the service would write it: three prompts with what became of them, three
 * silences, a camera that froze, and a threshold that was changed.
 *
 * @param moment names a moment of that day; another gives another day
 */
export function morning(moment: typeof morningAt = morningAt): readonly JournalLine[] {
  const prompt = { kind: 'prompt', change: 'raised', urgency: 'now', waitedSeconds: 0 } as const;
  const raised = (time: string) => ({
    at: moment(time),
    raisedAt: moment(time),
    expiresAt: moment(time, 60_000),
  });
  const hall = { id: 'hall', state: 'live' } as const;
  const told: readonly Told[] = [
    { at: moment('08:00:00'), kind: 'begun', run: 'k3f9', why: 'start', version: '0.1.0' },
    { at: moment('08:00:01'), kind: 'health', state: 'ok', cameras: [hall, { id: 'door', state: 'live' }] },
    // Taken by the manager, whose way it was: the next one there is not said again.
    {
      ...customer,
      at: moment('09:00:00'),
      happening: 'arrived',
      visit: 'k3f9-9',
      zone: 'main-door',
      decision: 'silence',
      reason: 'nothing-to-ask',
    },
    {
      at: moment('09:00:05'),
      kind: 'state',
      id: idOf(1),
      phase: 'accepted',
      by: 'manager',
      reason: 'answered',
    },
    {
      ...customer,
      at: moment('09:00:10'),
      happening: 'queued',
      visit: 'k3f9-9',
      zone: 'cash',
      decision: 'silence',
      reason: 'accepted-elsewhere',
      prompt: idOf(1),
    },
    {
      ...customer,
      at: moment('10:09:30'),
      happening: 'arrived',
      visit: 'k3f9-12',
      zone: 'main-door',
      decision: 'silence',
      reason: 'staff-near',
      metres: 4,
      metresPerSecond: 1.9,
    },
    {
      ...customer,
      at: moment('10:10:00'),
      happening: 'wandering',
      visit: 'k3f9-12',
      decision: 'prompt',
      prompt: idOf(2),
      figures: { forSeconds: 20, metres: 6.2, pauses: 2, turns: 3, looks: 1 },
    },
    {
      ...prompt,
      ...raised('10:10:00'),
      id: idOf(2),
      prompt: 'approach',
      place: 'hall',
      people: 1,
      waitedSeconds: 20,
      watches: ['w-1'],
    },
    { at: moment('10:10:01'), kind: 'state', id: idOf(2), phase: 'delivered', reason: 'answered' },
    {
      ...customer,
      at: moment('10:10:09'),
      happening: 'contacted',
      visit: 'k3f9-12',
      waitedSeconds: 39,
      decision: 'silence',
      reason: 'nothing-to-ask',
    },
    { at: moment('10:10:09'), kind: 'state', id: idOf(2), phase: 'met', reason: 'seen-met' },
    {
      at: moment('10:20:00'),
      kind: 'stay',
      visit: 'k3f9-12',
      zone: 'main-door',
      arrivedAt: moment('10:09:30'),
      promptedAt: moment('10:10:00'),
      prompt: 'approach',
      metAt: moment('10:10:09'),
      waitedSeconds: 39,
      metBy: 'seen',
      ended: 'departed',
    },
    {
      at: moment('10:30:00'),
      kind: 'settings',
      version: 41,
      by: 'operations',
      why: 'help came late',
      from: { 'wandering.afterSeconds': 20 },
      to: { 'wandering.afterSeconds': 15 },
    },
    {
      at: moment('10:31:00'),
      kind: 'verdict',
      role: 'staff',
      happening: 'arrived',
      visit: 'k3f9-20',
      zone: 'main-door',
      decision: 'silence',
      reason: 'nothing-to-ask',
    },
    {
      ...customer,
      at: moment('10:34:00'),
      happening: 'queued',
      visit: 'k3f9-29',
      zone: 'cash',
      decision: 'silence',
      reason: 'nothing-to-ask',
    },
    {
      at: moment('10:38:12'),
      kind: 'health',
      state: 'partly-blind',
      cameras: [hall, { id: 'door', state: 'blind', blind: ['main-door'], trouble: 'LOBBY_CAMERA_FROZEN' }],
    },
    { at: moment('10:39:30'), kind: 'health', state: 'ok', cameras: [hall, { id: 'door', state: 'live' }] },
    {
      ...customer,
      at: moment('10:40:31'),
      happening: 'arrived',
      visit: 'k3f9-25',
      zone: 'main-door',
      decision: 'silence',
      reason: 'budget',
    },
    {
      at: moment('10:40:44'),
      kind: 'later',
      visit: 'k3f9-25',
      prompt: 'greet',
      was: 'owed',
      became: 'told',
      waitedSeconds: 13,
      id: idOf(9),
    },
    {
      ...customer,
      at: moment('10:40:58'),
      happening: 'waited-long',
      visit: 'k3f9-29',
      zone: 'cash',
      waitedSeconds: 600,
      decision: 'prompt',
      prompt: idOf(3),
      figures: { ahead: 2 },
    },
    {
      ...prompt,
      ...raised('10:40:58'),
      id: idOf(3),
      prompt: 'ask-queue',
      place: 'cash',
      people: 1,
      waitedSeconds: 600,
    },
    { at: moment('10:41:08'), kind: 'state', id: idOf(3), phase: 'withdrawn', reason: 'left' },
    {
      ...customer,
      at: moment('10:41:20'),
      happening: 'wandering',
      visit: 'k3f9-30',
      decision: 'silence',
      reason: 'staff-near',
      metres: 2.1,
    },
    {
      ...customer,
      at: moment('10:42:04'),
      happening: 'arrived',
      visit: 'k3f9-31',
      zone: 'main-door',
      decision: 'prompt',
      prompt: idOf(4),
    },
    {
      ...prompt,
      ...raised('10:42:04'),
      id: idOf(4),
      prompt: 'greet',
      place: 'main-door',
      people: 2,
      watches: ['w-1', 'w-2'],
    },
    {
      ...customer,
      at: moment('10:42:04', 200),
      happening: 'arrived',
      visit: 'k3f9-32',
      zone: 'main-door',
      decision: 'prompt',
      prompt: idOf(4),
    },
    { at: moment('10:42:04', 600), kind: 'state', id: idOf(4), phase: 'delivered', reason: 'answered' },
    { at: moment('10:42:04', 700), kind: 'latency', id: idOf(4), parts: { total: 0.6 } },
    {
      at: moment('10:42:08'),
      kind: 'state',
      id: idOf(4),
      phase: 'accepted',
      by: 'deputy',
      reason: 'answered',
    },
    { at: moment('10:42:13'), kind: 'state', id: idOf(4), phase: 'met', reason: 'seen-met' },
  ];
  return told.map((line) => ({ v: 1, ...line }) as JournalLine);
}

/** The settings of that morning: two versions before it, one in it, and one since. */
export function settingsOfMorning(
  moment: typeof morningAt = morningAt,
): Pick<BranchStore, 'view' | 'history'> {
  const by = { kind: 'token', role: 'operations', token: 'k3f9aa' } as const;
  const changes: readonly SettingsChange[] = [
    {
      v: 1,
      version: 42,
      at: moment('10:44:00'),
      by,
      why: 'more room',
      changes: { 'prompts.mostInTenMinutes': { from: 6, to: 8 } },
    },
    {
      v: 1,
      version: 41,
      at: moment('10:30:00'),
      by,
      why: 'help came late',
      changes: { 'wandering.afterSeconds': { from: 20, to: 15 } },
    },
    { v: 1, version: 40, at: moment('08:00:00'), by: { kind: 'file' }, changes: {} },
  ];
  const values: Readonly<Record<string, number>> = {
    'wandering.afterSeconds': 15,
    'prompts.mostInTenMinutes': 8,
  };
  return {
    view: () => ({
      v: 1,
      version: 42,
      latest: changes[0]!,
      keptIn: 'file',
      historyKept: true,
      awaitsRestart: [],
      today: '2026-11-24',
      profiles: [],
      settings: describeSettings().map((one) => ({
        ...one,
        value: values[one.path] ?? one.default,
      })) as never,
    }),
    history: () => ({ changes, more: false }),
  };
}
