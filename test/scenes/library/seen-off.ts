import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { glassFront } from './lobbies/glass-front.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, staffLooks, walk } from './people.ts';

const { customer } = peopleIn(glassFront);
const { staffOut } = glassFront.ways;

/** The seats from left to right; they are the VIP corner here. */
const seat = (n: 0 | 1 | 2 | 3, seconds: number): Act => {
  const x = 8.47 + 0.62 * n;
  return { act: 'sit', at: [x, 4.2], face: [x, 0], seconds };
};

const scene: Scene = {
  ...glassFront.plan,
  zones: [
    ...glassFront.plan.zones,
    { id: 'vip', kind: 'vip', polygon: way(7.9, 3.4, 10.9, 3.4, 10.9, 4.9, 7.9, 4.9) },
  ],
  name: 'seen-off',
  tests:
    'One leaves the VIP corner for the door, one goes to the counter first, one had only looked in: the two are seen off when they leave, the third is not; and nobody looks after the hall once staff have gone.',
  seed: 61,
  seconds: 58,
  camera: glassFront.cameras.farEnd,
  light: { level: 1 },
  thresholds: { ...minuteThresholds, farewell: { stayedSeconds: 10 }, unattended: { forSeconds: 15 } },
  people: [
    customer('c1', 0, [walk([7.4, 2.8]), seat(0, 17), walk([7.4, 2.8])], { seed: 131, speed: 1.3 }),
    customer('c2', 2.5, [walk([7.4, 2.9]), seat(2, 3), walk([7.4, 2.9])], { seed: 132, speed: 1.35 }),
    customer(
      'c3',
      6,
      [
        walk([7.6, 2.9]),
        seat(3, 16),
        walk([11.2, 2.6]),
        { act: 'queue', zone: 'cash', servedForSeconds: 8 },
        walk([7.6, 1.8], [6.4, 2.4]),
      ],
      { seed: 133, speed: 1.25 },
    ),
    {
      id: 's1',
      role: 'staff',
      looks: staffLooks(134),
      at: 0,
      from: [5.2, 2.3],
      acts: [{ act: 'until', at: 20, face: [0, 2.3] }, walk([6.2, 1.6], ...staffOut!)],
    },
  ],
};

export default scene;
