import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { branchOf } from './branch.ts';
import { crownMetres } from './crown.ts';
import { eventsOf } from './events.ts';
import demo from './library/demo.ts';
import { way } from './plane.ts';
import { project } from './project.ts';
import type { Act, Looks, Person, Point, Scene } from './scene.ts';
import { simulate } from './simulate.ts';
import { truthOf } from './truth.ts';

const committed = join(import.meta.dirname, '..', '..', 'edge', 'demo');

const person = (id: string, from: Point, acts: Act[], role: Person['role'] = 'customer', at = 0): Person => ({
  ...demo.people[0]!,
  id,
  role,
  from,
  acts,
  at,
});
const hall = (people: Person[], seconds = 20): Scene => ({ ...demo, furniture: [], people, seconds });
const storyOf = (scene: Scene): string[] =>
  eventsOf(simulate(scene), scene).map(({ kind, person: who, customer }) =>
    [kind, who, customer].filter(Boolean).join(' '),
  );
const follow = (who: string, beside: number, behind = 0): Act => ({
  act: 'follow',
  person: who,
  beside,
  behind,
});

describe('truthOf', () => {
  it('still fits the clip of the demo that is committed', () => {
    // The clip was drawn from these positions: a simulation that moves anybody needs a new clip.
    expect(`${JSON.stringify(truthOf(demo))}\n`).toBe(readFileSync(join(committed, 'truth.json'), 'utf8'));
    expect(branchOf(demo)).toBe(readFileSync(join(committed, 'branch.yaml'), 'utf8'));
  });

  it('is the same for the same seed, and another for another', () => {
    expect(truthOf(structuredClone(demo))).toEqual(truthOf(demo));
    for (const seed of [1, 2, 3]) expect(truthOf({ ...demo, seed }).frames).not.toEqual(truthOf(demo).frames);
  });

  it.each([1, 2, 5, 12, 25])('tells the same story at %i frames a second', (fps) => {
    const other = truthOf({ ...demo, camera: { ...demo.camera, fps } });
    expect(other.frames).toHaveLength(demo.seconds * fps);
    expect(other.events).toEqual(truthOf(demo).events);
  });

  it('says where the crown is: lower of who sits down, and of who uses a wheelchair', () => {
    const looks: Looks = { ...demo.people[0]!.looks, heightMetres: 1.7 };
    const rolls: Looks = { ...looks, aid: 'wheelchair' };
    expect(crownMetres(looks, 'talking')).toBe(1.7);
    expect(crownMetres(looks, 'sitting')).toBeCloseTo(0.46 + 0.52 * 1.7);
    expect(crownMetres(rolls, 'none')).toBe(crownMetres(looks, 'sitting'));

    const seat: Act = { act: 'sit', at: [0, 0], face: [1, 0], seconds: 30 };
    const scene = hall([{ ...person('guest', [-1, 0], [seat]), looks }], 6);
    const crownAt = (t: number): number =>
      truthOf(scene).frames.find((frame) => frame.t === t)!.people[0]!.px[3]!;
    const { x, y } = truthOf(scene).frames.at(-1)!.people[0]!;
    expect(crownAt(5)).toBe(Math.round(project(demo.camera, [x, y], 0.46 + 0.52 * 1.7)![1]));
    const first = truthOf(scene).frames[0]!.people[0]!;
    expect(crownAt(0)).toBe(Math.round(project(demo.camera, [first.x, first.y], 1.7)![1]));
  });
});

describe('eventsOf', () => {
  it('does not take a pause of less than half a second for a place in the queue', () => {
    const passing = (seconds: number): Scene =>
      hall([
        person(
          'guest',
          [2.5, 0],
          [
            { act: 'walk', to: way(1, 0) },
            { act: 'stand', seconds },
            { act: 'walk', to: way(-1, 0) },
          ],
        ),
      ]);
    expect(storyOf(passing(0.2))).toEqual([]);
    expect(storyOf(passing(1))).toEqual(['queue-start guest', 'queue-end guest']);
  });

  it('has a companion who waits in the queue zone queue as well', () => {
    const scene = hall([
      person('mother', [-1, 0.5], [{ act: 'queue', zone: 'cash', servedForSeconds: 3 }, leave]),
      person('son', [-1.4, 0.9], [follow('mother', 0.5)]),
    ]);
    const story = storyOf(scene);
    expect(story).toContain('queue-start mother');
    expect(story).toContain('queue-start son');
  });

  it('has a family met as one, when one of them is spoken to', () => {
    const scene = (tied: boolean): Scene =>
      hall([
        person('s1', [2.4, 0], [{ act: 'meet', customer: 'mother', seconds: 4 }], 'staff', 3),
        person('mother', [-1.5, 0], [walkTo(-0.5, 0), { act: 'stand', seconds: 16, face: [3, 0] }]),
        person(
          'father',
          [-1.5, -0.7],
          [
            tied ? follow('mother', -0.7, 0.3) : walkTo(-0.8, -0.7),
            { act: 'stand', seconds: 16, face: [3, 0] },
          ],
        ),
      ]);
    expect(storyOf(scene(true)).sort()).toEqual(['contact s1 father', 'contact s1 mother']);
    expect(storyOf(scene(false))).toEqual(['contact s1 mother']);
  });

  it('does not have a customer met by those whom the adviser they follow meets', () => {
    const scene = hall([
      person('s1', [0, 0], [{ act: 'stand', seconds: 15 }], 'staff'),
      person('s2', [0.8, 0], [{ act: 'stand', seconds: 15, face: [0, 0] }], 'staff'),
      person('guest', [-1.4, 0], [follow('s1', 0, 0.6)]),
    ]);
    expect(storyOf(scene).filter((line) => line.includes('s2'))).toEqual([]);
  });

  it('tells of a second contact with the same member of staff only after they left and came back', () => {
    const meet: Act = { act: 'meet', customer: 'guest', seconds: 3 };
    const stays = [walkTo(-2, 1.2), { act: 'stand', seconds: 14 } as Act];
    const returns = [
      walkTo(-2, 1.2),
      { act: 'stand', seconds: 4 } as Act,
      { act: 'walk', to: way(-5.5, 1.2, -2, 1.2) } as Act,
      { act: 'stand', seconds: 8 } as Act,
    ];
    const scene = (acts: Act[]): Scene =>
      hall(
        [
          person('guest', [-5.5, 1.2], acts),
          person('s1', [0.5, 1.2], [meet, walkTo(0.5, 1.2), { act: 'until', at: 16 }, meet], 'staff', 1),
        ],
        26,
      );
    const contacts = (acts: Act[]): string[] =>
      storyOf(scene(acts)).filter((line) => /contact|arrival/.test(line));
    expect(contacts(stays)).toEqual(['arrival guest', 'contact s1 guest']);
    expect(contacts(returns)).toEqual([
      'arrival guest',
      'contact s1 guest',
      'arrival guest',
      'contact s1 guest',
    ]);
  });
});

describe('Wandering in truth', () => {
  const about = (...spots: Point[]): Act[] =>
    spots.flatMap((to): Act[] => [
      { act: 'walk', to: [to] },
      { act: 'stand', seconds: 2 },
    ]);
  const four = about([-2, 0], [-0.8, 1.4], [-2.4, 1.6], [-0.6, -0.4]);
  const told = (acts: Act[]) => storyOf(hall([person('c', [-3, 0], acts)], 30));

  it('is also standing about in one place after another with nothing done in any', () => {
    expect(told(four)).toEqual(['wander-start c', 'wander-end c']);
  });

  it('is not standing in three, nor in one for long', () => {
    expect(told(four.slice(0, 6))).toEqual([]);
    expect(told([...four.slice(0, 4), { act: 'stand', seconds: 9 }, ...four.slice(4)])).toEqual([]);
  });
});

const walkTo = (...xy: number[]): Act => ({ act: 'walk', to: way(...xy) });
const leave: Act = walkTo(-1, 0);
