import { way } from '../plane.ts';
import type { Act, Person, Point, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { marketHall } from './lobbies/market-hall.ts';
import { dressed, peopleIn, walk } from './people.ts';

const { customer, couple, staff } = peopleIn(marketHall);

const cash = (servedForSeconds: number): Act[] => [
  walk([1.6, 0]),
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(-6.5, 0, -4.2, -0.9, -2.6, -3.2)),
];
const machine = (n: 0 | 1 | 2, seconds: number): Act[] => {
  const x = 3.1 + 1.4 * n;
  return [walk([x - 0.5, -3.9]), { act: 'use', at: [x, -5.1], face: [x, -6], seconds }, walk([0.6, -3.7])];
};
/** The seats from left to right. */
const seat = (n: number, seconds: number): Act[] => {
  const x = -3.84 + 0.62 * n;
  return [
    walk([x, 4.4]),
    { act: 'sit', at: [x, 5.3], face: [x, 0], seconds },
    walk(...way(x + 0.2, 4.2, 1.4, 2.6, 0.6, -2)),
  ];
};
/** Stands and talks with those who stand there too. */
const talk = (at: Point, face: Point, seconds: number): Act[] => [walk(at), { act: 'stand', seconds, face }];

const inLine: Person[] = [
  customer('q1', 0, cash(14), { seed: 131 }),
  customer('q2', 1.2, cash(6), { seed: 132, fromOtherwise: true }),
  customer('q3', 3, cash(5), { seed: 133, looks: { hat: { kind: 'scarf', colour: '#a8322d' } } }),
  customer('q4', 5.5, cash(6), { seed: 134 }),
  customer('q5', 8, cash(5), { seed: 135, fromOtherwise: true }),
  ...couple(['q6', 'q7'], 10.5, cash(6), { seed: 136, beside: 0.5, behind: 0.45 }),
  customer('q8', 15, cash(5), { seed: 138, looks: { pushes: { kind: 'trolley', colour: '#7c2f35' } } }),
  customer('q9', 19, cash(5), { seed: 139, fromOtherwise: true }),
  customer('q10', 26, cash(5), { seed: 140, speed: 1.5 }),
];

const atMachines: Person[] = [
  customer('m1', 2, machine(0, 16), { seed: 141 }),
  customer('m2', 7, machine(1, 26), { seed: 142, fromOtherwise: true }),
  ...couple(['m3', 'm4'], 13, machine(2, 22), { seed: 143 }),
  customer('m5', 22, machine(0, 18), { seed: 145, speed: 1.5 }),
  customer('m6', 38, machine(2, 14), { seed: 146 }),
];

const seated: Person[] = [
  customer('r1', 4, seat(1, 46), { seed: 151, looks: { aid: 'stick' }, speed: 0.9 }),
  customer('r2', 9, seat(3, 28), { seed: 152, fromOtherwise: true }),
  customer('r3', 17, seat(4, 36), { seed: 153 }),
];

const talking: Person[] = [
  customer('t1', 6, talk([4.6, -1.2], [5.4, -0.8], 34), { seed: 161 }),
  customer('t2', 11.5, talk([5.4, -0.7], [4.6, -1.2], 28), { seed: 162 }),
  customer('t3', 12.5, talk([4.6, -0.2], [5, -1], 27), { seed: 163, fromOtherwise: true }),
];

const lookingAround: Person[] = [
  customer(
    'w1',
    16,
    [
      {
        act: 'wander',
        stops: [
          { to: [-2.6, -3.4], seconds: 3, face: [-8, 1] },
          { to: [-4.6, -4.7], seconds: 4, face: [-4.9, -5.7] },
          { to: [-4.2, -2.2], seconds: 3.5, face: [3, -6] },
          { to: [-2.8, -1.4], seconds: 4, face: [-8, 1] },
        ],
      },
      walk([-2.6, -3.4]),
    ],
    { seed: 171 },
  ),
  customer(
    'w2',
    24,
    [
      {
        act: 'wander',
        stops: [
          { to: [2, 0], seconds: 3, face: [4, -6] },
          { to: [2, 2.6], seconds: 3.5, face: [-8, 1] },
          { to: [5.4, 2.8], seconds: 3.5, face: [-3, 5] },
          { to: [2.2, 3.6], seconds: 4, face: [4, -6] },
        ],
      },
      walk(...way(1.8, -1, 0.4, -3.2)),
    ],
    { seed: 172, fromOtherwise: true, looks: dressed(172, { heightMetres: 1.52 }) },
  ),
];

const passingThrough: Person[] = [
  customer('p1', 20, talk([0.2, -2.4], [-8, 1], 12), { seed: 181, speed: 1.5 }),
  customer('p2', 29, talk([2.8, 1.8], [4.5, -6], 14), { seed: 182 }),
  ...couple(['p3', 'p4'], 31, talk([0.8, -1.2], [-8, 1], 16), { seed: 183 }),
  customer('p5', 53, machine(1, 12), { seed: 185, speed: 1.55 }),
];

const scene: Scene = {
  ...marketHall.plan,
  name: 'saturday-crowd',
  tests:
    'Twenty-five and more at once: a long line, machines, groups that talk, people who cross, two staff who meet some.',
  seed: 25,
  seconds: 75,
  crf: 32,
  camera: marketHall.cameras.nearRight,
  light: { level: 1 },
  thresholds: { ...minuteThresholds, queue: { waitSeconds: 30, length: 6 } },
  people: [
    staff(
      's1',
      18,
      [
        walk(...way(-5.4, -3)),
        { act: 'until', at: 42, face: [0, -3] },
        { act: 'meet', customer: 'w1', seconds: 5 },
        walk(...way(-5.2, -2)),
        { act: 'until', at: 60, face: [0, -3] },
      ],
      { seed: 11 },
    ),
    staff(
      's2',
      21,
      [
        walk(...way(-4.8, -2.6, -1.6, -3)),
        { act: 'meet', customer: 'p1', seconds: 5 },
        walk(...way(2.4, -2.2)),
        { act: 'until', at: 46, face: [4, -6] },
        { act: 'meet', customer: 'm6', seconds: 4 },
        walk(...way(2.2, -2.6)),
        { act: 'until', at: 80, face: [-4, 0] },
      ],
      { seed: 12, stays: true },
    ),
    ...inLine,
    ...atMachines,
    ...seated,
    ...talking,
    ...lookingAround,
    ...passingThrough,
  ],
};

export default scene;
