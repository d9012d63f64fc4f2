import { thresholdsSchema } from '../../../src/contract/thresholds.ts';
import { promptDefaults } from '../../../src/core/prompts/decide.ts';
import type { WearerRole } from '../../../src/core/prompts/kinds.ts';
import type { Prompt } from '../../../src/core/prompts/prompt.ts';
import {
  begin,
  type CoreInput,
  type CoreOutput,
  type CoreSettings,
  type CoreState,
  step,
} from '../../../src/core/step.ts';
import { trackDefaults } from '../../../src/core/track/track.ts';
import type { FloorPoint, Metres, Person, Seconds } from '../../../src/core/units.ts';
import { visitDefaults } from '../../../src/core/visits/follow-visits.ts';
import { boxOf, camera } from '../../core/story.ts';
import { chance } from '../../scenes/chance.ts';
import {
  backRoom,
  hallZones,
  insideDoor,
  linePlaces,
  machines,
  places,
  posts,
  seats,
  street,
  windows,
} from './hall.ts';

/**
 * Hours of a lobby that were never filmed: customers come by chance, each with something to do; wearers do what their
 * watch asks, as people would. What the camera would have seen of them, a box each with a detector's noise, goes
 * through the real step, and what the step says to the wrists moves the wearers. Nobody hides anybody: it measures the
 * policy and not the seeing.
 */
export interface Day {
  readonly seed: number;
  readonly hours: number;
  readonly arrivalsAnHour: number;
  /** Windows that serve. */
  readonly windows: number;
  readonly staffing: Staffing;
}

/** Who wears a watch. `nobody-known`: the manager does, and the watch never says so. */
export type Staffing = 'manager' | 'manager-and-deputy' | 'nobody-known';

export interface DayStep {
  readonly input: CoreInput;
  readonly output: CoreOutput;
  readonly state: CoreState;
}

/** What is known of the day beside what the step made of it. */
export interface DayTruth {
  readonly customers: number;
  /** Spoken to by a wearer on the floor. */
  readonly spokenTo: number;
  readonly spokenWithin: readonly Seconds[];
}

/** The settings that ship. */
export const daySettings: CoreSettings = {
  cameras: [camera],
  zones: hallZones,
  thresholds: thresholdsSchema.parse({}),
  track: trackDefaults,
  visits: visitDefaults,
  prompts: promptDefaults,
};

const framesPerSecond = 2;
const tick = 1 / framesPerSecond;
const walkingSpeed = 1.2;
/** A detector's luck: this share of the boxes is missing, and edges are off by these parts of a height. */
const missedShare = 0.02;
const edgeNoise = 0.012;

/** From the buzz to the first step: the wrist is looked at, the sentence with the customer ended. */
const reactionSeconds = [2, 8] as const;
/** Of what they are asked, wearers leave so much, take so much with a tap, and go to the rest without. */
const ignoredShare = 0.12;
const tappedShare = 0.7;
const greetingSeconds = [5, 14] as const;
const adviceSeconds = [15, 40] as const;
/** Nearer than this people walk round each other; who speaks with somebody stands this far off. */
const elbowMetres: Metres = 1.1;
const speakingMetres: Metres = 1;
/** Now and then who is on the floor fetches something from the back. */
const backEverySeconds = [500, 900] as const;
/** Within this of a newcomer, who has nothing else to do greets them unasked, this often. */
const unaskedMetres: Metres = 3;
const unaskedShare = 0.4;
/** A newcomer is new for so long. */
const newSeconds: Seconds = 100;

type Errand = 'cash' | 'machine' | 'seat' | 'lost' | 'looks-in';

interface Customer {
  readonly id: number;
  readonly errand: Errand;
  readonly leader?: Customer;
  readonly beside: FloorPoint;
  at: FloorPoint;
  goal: FloorPoint;
  phase: 'coming' | 'line' | 'window' | 'machine' | 'seat' | 'wandering' | 'waiting' | 'going' | 'gone';
  busyUntil: Seconds;
  stops: number;
  inAt?: Seconds;
  place?: number;
  spokenAt?: Seconds;
  /** Spoken with now: stands still. */
  heldUntil: Seconds;
  /** Decided whether this one is greeted unasked. */
  rolled?: boolean;
}

interface Staff {
  readonly watch: string;
  readonly role: WearerRole;
  readonly post: FloorPoint;
  at: FloorPoint;
  doing: 'idle' | 'going' | 'talking' | 'looking' | 'fetching';
  fetchAt: Seconds;
  target?: Customer;
  goal: FloorPoint;
  until: Seconds;
  since: Seconds;
  task?: { readonly id: string; readonly kind: Prompt['kind']; left: number; met: number };
  /** When each prompt was felt, and what was decided about it. */
  readonly felt: Map<string, { at: Seconds; isIgnored: boolean; isTapped: boolean }>;
}

const partyOf = (one: Staff | Customer): Staff | Customer =>
  'leader' in one && one.leader !== undefined ? one.leader : one;
const metresBetween = (a: FloorPoint, b: FloorPoint) => Math.hypot(a.x - b.x, a.y - b.y);

/** Spends a day, told to `see` step by step. */
export function spendDay(
  day: Day,
  see: (one: DayStep) => void,
  settings: CoreSettings = daySettings,
): DayTruth {
  const random = chance(day.seed * 7919 + 13);
  /** The camera's own, so that what wearers do does not change who comes. */
  const luck = chance(day.seed * 104_729 + 7);
  const will = chance(day.seed * 15_485 + 3);
  const between = ([least, most]: readonly [number, number], dice = random) =>
    least + (most - least) * dice();
  const normal = (dice: () => number) =>
    Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice());
  const until = day.hours * 3600;
  const coming = drawComers();
  let state = begin(day.seed);
  let at: Seconds = 0;
  let customers: Customer[] = [];
  const all: Customer[] = [];
  let line: Customer[] = [];
  const atWindow: (Customer | undefined)[] = Array.from({ length: day.windows });
  const atMachine: (Customer | undefined)[] = machines.map(() => undefined);
  const onSeat: (Customer | undefined)[] = seats.map(() => undefined);
  const staff: Staff[] = (
    day.staffing === 'manager-and-deputy' ? (['manager', 'deputy'] as const) : (['manager'] as const)
  ).map((role, i) => ({
    watch: `w-${role}`,
    role,
    post: posts[i]!,
    at: { x: backRoom.x + 0.3 * i, y: backRoom.y },
    doing: 'idle',
    fetchAt: between(backEverySeconds, will),
    goal: posts[i]!,
    until: 0,
    since: 0,
    felt: new Map(),
  }));

  function tell(input: CoreInput): void {
    const [next, output] = step(state, input, settings);
    state = next;
    for (const { kind, prompt } of output.changes) {
      if (kind !== 'raised' && kind !== 'passed-on') continue;
      for (const one of staff) {
        if (prompt.watches !== undefined && !prompt.watches.includes(one.watch)) continue;
        if (prompt.watches === undefined && prompt.to !== undefined && !prompt.to.includes(one.role))
          continue;
        if (one.felt.has(prompt.id)) continue;
        const isIgnored = will() < ignoredShare;
        one.felt.set(prompt.id, {
          at: at + between(reactionSeconds, will),
          isIgnored,
          isTapped: will() < tappedShare,
        });
      }
    }
    see({ input, output, state });
  }
  const answer = (one: Staff, id: string, said: 'accepted' | 'met' | 'not-needed') =>
    tell({ kind: 'answer', at, id, answer: said, role: one.role, watch: one.watch });

  interface Comer {
    readonly at: Seconds;
    readonly errand: Errand;
    readonly count: number;
    readonly seconds: Seconds;
    readonly stops: number;
  }
  function drawComers(): Comer[] {
    const drawn: Comer[] = [];
    // A party is 1.28 people on average.
    const every = (3600 * 1.28) / day.arrivalsAnHour;
    for (let when = 40 - Math.log(1 - random()) * every; when < until - 120; ) {
      const [who, size, much] = [random(), random(), random()];
      const errand: Errand =
        who < 0.5 ? 'cash' : who < 0.76 ? 'machine' : who < 0.87 ? 'seat' : who < 0.96 ? 'lost' : 'looks-in';
      const service = 140 * Math.exp(0.6 * normal(random) - 0.18);
      drawn.push({
        at: when,
        errand,
        count: size < 0.78 ? 1 : size < 0.94 ? 2 : 3,
        seconds: errand === 'cash' || errand === 'lost' ? service : 45 + 150 * much,
        stops: 3 + Math.floor(4 * much),
      });
      when += -Math.log(1 - random()) * every;
    }
    return drawn;
  }

  function enter({ errand, count, seconds, stops }: Comer): void {
    const side = 0.5 * (random() - 0.5);
    let leader: Customer | undefined;
    for (let n = 0; n < count; n++) {
      const beside = { x: -0.45 * n, y: 0.6 * (n % 2 === 0 ? n / 2 : 1) };
      const customer: Customer = {
        id: all.length,
        errand,
        ...(leader === undefined ? {} : { leader }),
        beside,
        at: { x: street.x - 0.7 * n, y: street.y + side + beside.y * 0.7 },
        goal: { x: insideDoor.x, y: insideDoor.y + side },
        phase: 'coming',
        busyUntil: seconds,
        stops,
        heldUntil: 0,
      };
      leader ??= customer;
      customers.push(customer);
      all.push(customer);
    }
  }

  const hallSpot = (): FloorPoint => ({ x: -3.6 + 6 * random(), y: 0.4 + 2.6 * random() });
  const leave = (one: Customer) => {
    one.phase = 'going';
    one.goal = { x: street.x, y: -0.4 };
  };

  function live(one: Customer): void {
    if (one.inAt === undefined && one.at.x > -5) one.inAt = at;
    if (at < one.heldUntil) return;
    if (one.leader !== undefined) {
      if (one.leader.phase === 'gone') leave(one);
      else {
        const { at: by, phase } = one.leader;
        const away = phase === 'coming' || phase === 'going' ? { x: -0.6, y: 0.45 } : one.beside;
        one.goal = { x: by.x + away.x, y: by.y + away.y };
        if (metresBetween(one.goal, one.at) < 0.25) return;
      }
      go(one, one.goal, walkingSpeed * 1.1);
      if (one.at.x <= street.x + 0.1 && one.leader.phase === 'gone') one.phase = 'gone';
      return;
    }
    const isThere = metresBetween(one.at, one.goal) < 0.05;
    switch (one.phase) {
      case 'coming':
        if (!isThere) break;
        if (one.errand === 'looks-in') leave(one);
        else if (one.errand === 'lost') {
          one.phase = 'wandering';
          one.goal = hallSpot();
        } else if (one.errand === 'cash') join(one);
        else if (one.errand === 'machine') useMachine(one);
        else sit(one);
        break;
      case 'line':
        one.goal = linePlaces[Math.min(linePlaces.length - 1, line.indexOf(one))]!;
        break;
      case 'window':
      case 'machine':
      case 'seat':
        if (isThere && one.heldUntil >= 0 && one.stops >= 0) {
          one.busyUntil += at;
          one.stops = -1;
        }
        if (one.stops === -1 && at >= one.busyUntil) {
          for (const row of [atWindow, atMachine, onSeat]) {
            const place = row.indexOf(one);
            if (place >= 0) row[place] = undefined;
          }
          leave(one);
        }
        break;
      case 'waiting':
        if (isThere) useMachine(one);
        break;
      case 'wandering':
        if (one.spokenAt !== undefined || one.stops < 0) {
          join(one);
          one.stops = 3;
        } else if (isThere) {
          one.stops -= 1;
          one.heldUntil = at + 1.8 + 2.4 * random();
          one.goal = hallSpot();
        }
        break;
      case 'going':
        if (isThere) one.phase = 'gone';
        break;
      case 'gone':
        break;
    }
    go(one, one.goal, one.phase === 'wandering' ? 0.8 : walkingSpeed);
  }
  function join(one: Customer): void {
    line.push(one);
    one.phase = 'line';
    one.goal = linePlaces[Math.min(linePlaces.length - 1, line.length - 1)]!;
  }
  function useMachine(one: Customer): void {
    const free = atMachine.indexOf(undefined);
    if (free < 0) {
      if (one.phase !== 'waiting') one.goal = { x: 2.2 + 0.8 * random(), y: 2 + 0.9 * random() };
      one.phase = 'waiting';
      return;
    }
    atMachine[free] = one;
    one.phase = 'machine';
    one.goal = machines[free]!;
  }
  function sit(one: Customer): void {
    const free = onSeat.indexOf(undefined);
    if (free < 0) {
      join(one);
      return;
    }
    onSeat[free] = one;
    one.phase = 'seat';
    one.goal = seats[free]!;
    one.busyUntil *= 2.5;
  }
  function serve(): void {
    for (const [i, who] of atWindow.entries()) {
      const first = line[0];
      if (who !== undefined || first === undefined) continue;
      if (metresBetween(first.at, linePlaces[0]!) > 0.3) continue;
      line = line.slice(1);
      atWindow[i] = first;
      first.phase = 'window';
      first.goal = windows[i]!;
    }
  }
  /** A stride towards it, round whoever is in the way, to their right. */
  function go(one: Staff | Customer, to: FloorPoint, speed: number): void {
    const far = metresBetween(one.at, to);
    const stride = speed * tick;
    if (far <= stride) {
      one.at = to;
      return;
    }
    let [x, y] = [(to.x - one.at.x) / far, (to.y - one.at.y) / far];
    for (const other of [...staff, ...customers]) {
      const apart = metresBetween(one.at, other.at);
      if ((other as object) === one || apart >= elbowMetres || apart === 0 || far < elbowMetres) continue;
      if (partyOf(other) === partyOf(one)) continue;
      const [dx, dy] = [(other.at.x - one.at.x) / apart, (other.at.y - one.at.y) / apart];
      if (dx * x + dy * y <= 0.2) continue;
      [x, y] = [x - 0.3 * dx - 0.7 * dy, y - 0.3 * dy + 0.7 * dx];
    }
    const length = Math.hypot(x, y) || 1;
    one.at = { x: one.at.x + (x * stride) / length, y: one.at.y + (y * stride) / length };
  }

  const isNew = (one: Customer) =>
    one.inAt !== undefined &&
    at - one.inAt < newSeconds &&
    one.spokenAt === undefined &&
    !['line', 'window', 'going', 'gone'].includes((one.leader ?? one).phase) &&
    !staff.some((other) => other.target === one);

  /** Whom a wearer finds who looks for what the wrist said. */
  function find(kind: Prompt['kind'], place: string): Customer | undefined {
    const from = places[place] ?? places.hall!;
    const near = (list: readonly Customer[]) =>
      [...list].sort((a, b) => metresBetween(a.at, from) - metresBetween(b.at, from))[0];
    const untold = customers.filter((other) => other.spokenAt === undefined && other.inAt !== undefined);
    switch (kind) {
      case 'greet':
        return near(customers.filter(isNew));
      case 'approach':
        return near(untold.filter(({ errand, phase }) => errand === 'lost' && phase === 'wandering'));
      case 'ask-queue':
      case 'divert':
        return near(line.filter((other) => other.spokenAt === undefined)) ?? line.at(-1);
      default:
        return near(untold.filter((other) => other.phase !== 'going' && metresBetween(other.at, from) < 4.5));
    }
  }

  function work(one: Staff): void {
    if (one.doing === 'idle') look(one);
    if (one.doing === 'going') {
      const { target } = one;
      const isLost = target === undefined || target.phase === 'gone' || target.at.x < -4.5;
      if (isLost || at - one.since > 25) {
        goOn(one);
        return;
      }
      one.goal = target.at;
      const far = metresBetween(one.at, target.at);
      if (far <= speakingMetres + 0.1) {
        one.doing = 'talking';
        const isLong = one.task?.kind === 'approach';
        one.until = at + between(isLong ? adviceSeconds : greetingSeconds, will);
        const isFree = target.phase !== 'line' && target.phase !== 'window';
        if (isFree) target.heldUntil = one.until;
      } else {
        const share = (far - speakingMetres) / far;
        const before = {
          x: one.at.x + (target.at.x - one.at.x) * share,
          y: one.at.y + (target.at.y - one.at.y) * share,
        };
        go(one, before, 1.35);
      }
      return;
    }
    if (one.doing === 'talking') {
      if (at < one.until) return;
      one.target!.spokenAt ??= at;
      for (const other of customers) {
        if (other.leader === one.target || one.target!.leader === other) other.spokenAt ??= at;
      }
      if (one.task !== undefined) one.task.met += 1;
      goOn(one);
      return;
    }
    if (one.doing === 'looking') {
      if (metresBetween(one.at, one.goal) > 0.1) {
        go(one, one.goal, 1.3);
        return;
      }
      if (at < one.until) return;
      goOn(one);
      return;
    }
    if (one.doing === 'fetching') {
      if (metresBetween(one.at, backRoom) > 0.1) {
        one.until = at + 12;
        go(one, backRoom, 1.2);
        return;
      }
      if (at >= one.until) one.doing = 'idle';
      return;
    }
    if (at >= one.fetchAt && customers.every(({ phase }) => phase !== 'coming')) {
      one.fetchAt = at + between(backEverySeconds, will);
      one.doing = 'fetching';
    } else if (metresBetween(one.at, one.post) > 0.1) go(one, one.post, 1.1);
  }

  /** What the wrist asks, or who comes in just before them. */
  function look(one: Staff): void {
    const prompt = state.prompts.open.find(({ id, phase, watch }) => {
      const felt = one.felt.get(id);
      if (felt === undefined || felt.isIgnored || at < felt.at) return false;
      return phase !== 'accepted' || watch === one.watch;
    });
    if (prompt !== undefined) {
      const { id, kind, people, place } = prompt;
      one.task = { id, kind, left: kind === 'greet' || kind === 'patrol' ? people : 1, met: 0 };
      one.since = at;
      if (one.felt.get(id)!.isTapped && prompt.phase !== 'accepted') answer(one, id, 'accepted');
      if (kind === 'patrol' || kind === 'attend' || kind === 'check-machine') {
        one.task.left = Math.min(4, Math.max(1, people));
        one.doing = 'looking';
        one.goal = places[place] ?? places.hall!;
        one.until = at;
        return;
      }
      goOn(one);
      return;
    }
    for (const other of customers) {
      if (other.rolled || !isNew(other) || metresBetween(other.at, one.at) > unaskedMetres) continue;
      other.rolled = true;
      if (will() > unaskedShare) continue;
      one.target = other;
      one.doing = 'going';
      one.since = at;
      return;
    }
  }

  /** The next of the same task, or back to the post. */
  function goOn(one: Staff): void {
    const { task } = one;
    delete one.target;
    one.doing = 'idle';
    if (task === undefined) return;
    const prompt = state.prompts.open.find(({ id }) => id === task.id);
    if (prompt !== undefined && task.left > 0) {
      task.left -= 1;
      const next = find(task.kind, prompt.place);
      if (next !== undefined) {
        one.target = next;
        one.doing = 'going';
        one.since = at;
        return;
      }
    }
    if (prompt !== undefined) answer(one, task.id, task.met > 0 ? 'met' : 'not-needed');
    delete one.task;
    // Between two customers the wearer looks at the wrist, and sees what came without a buzz.
    for (const { id, watches, silent } of state.prompts.open) {
      if (silent === undefined || one.felt.has(id) || watches?.includes(one.watch) === false) continue;
      one.felt.set(id, { at: at + 1, isIgnored: false, isTapped: will() < tappedShare });
    }
  }

  if (day.staffing !== 'nobody-known')
    for (const { watch, role } of staff) tell({ kind: 'duty', at: 0, watch, role, onDuty: true });
  const frames = Math.round(until * framesPerSecond);
  for (let frame = 0; frame <= frames; frame++) {
    at = frame * tick;
    while (coming[0] !== undefined && coming[0].at <= at) enter(coming.shift()!);
    for (const one of customers) live(one);
    serve();
    customers = customers.filter(({ phase }) => phase !== 'gone');
    for (const one of staff) {
      work(one);
      for (const id of one.felt.keys()) {
        if (one.felt.size > 40 && !state.prompts.open.some((prompt) => prompt.id === id)) one.felt.delete(id);
      }
    }
    const people: Person[] = [];
    for (const one of [...staff, ...customers]) {
      const [a, b, c, d, e] = [luck(), normal(luck), normal(luck), normal(luck), luck()];
      if (a < missedShare || one.at.x < -7.4) continue;
      const box = boxOf(camera, one.at);
      const tall = box.bottom - box.top;
      people.push({
        box: {
          left: box.left + 0.5 * edgeNoise * tall * b,
          right: box.right + 0.5 * edgeNoise * tall * c,
          top: box.top + 0.7 * edgeNoise * tall * d,
          bottom: box.bottom + edgeNoise * tall * c,
        },
        score: 0.7 + 0.2 * e,
      });
    }
    tell({ kind: 'people', camera: camera.id, at, people, frame: { width: 1280, height: 720 } });
  }
  const inside = all.filter(({ inAt }) => inAt !== undefined);
  return {
    customers: inside.length,
    spokenTo: inside.filter(({ spokenAt }) => spokenAt !== undefined).length,
    spokenWithin: inside.flatMap(({ inAt, spokenAt }) => (spokenAt === undefined ? [] : [spokenAt - inAt!])),
  };
}
