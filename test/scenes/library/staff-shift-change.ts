import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { glassFront } from './lobbies/glass-front.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, staffLooks, walk } from './people.ts';

const { customer, staff } = peopleIn(glassFront);
const { staffOut } = glassFront.ways;

const scene: Scene = {
  ...glassFront.plan,
  name: 'staff-shift-change',
  tests:
    'Two of the staff hand over to two others and leave by the staff door: nobody arrives; a customer who does is met by one of the new.',
  seed: 46,
  seconds: 60,
  camera: glassFront.cameras.farEnd,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    {
      id: 's1',
      role: 'staff',
      looks: staffLooks(121),
      at: 0,
      from: [5.2, 2.3],
      acts: [{ act: 'until', at: 15, face: [0, 2.3] }, walk([6.2, 1.6], ...staffOut!)],
    },
    {
      id: 's2',
      role: 'staff',
      looks: staffLooks(122),
      at: 0,
      from: [7.9, 2.8],
      acts: [{ act: 'until', at: 20.5, face: [3, 2.3] }, walk([6.4, 1.7], ...staffOut!)],
    },
    staff(
      's3',
      2,
      [
        walk([6.2, 2.2]),
        { act: 'meet', customer: 's1', seconds: 5 },
        walk([5.4, 2.7]),
        { act: 'until', at: 27.5, face: [0, 2.3] },
        { act: 'meet', customer: 'c1', seconds: 4 },
        walk([6.6, 3]),
        { act: 'until', at: 70, face: [0, 2.3] },
      ],
      { seed: 123 },
    ),
    staff(
      's4',
      7,
      [
        walk([7, 2.2]),
        { act: 'meet', customer: 's2', seconds: 6 },
        walk([8, 2.9]),
        { act: 'until', at: 70, face: [3, 2.3] },
      ],
      { seed: 124 },
    ),
    customer(
      'c1',
      19,
      [
        walk([3.2, 2.3]),
        { act: 'stand', seconds: 2, face: [9, 0] },
        walk([6, 1.9]),
        { act: 'queue', zone: 'cash', servedForSeconds: 6 },
        walk(...way(8.2, 1.9, 5, 2)),
      ],
      { seed: 125, speed: 1.2 },
    ),
  ],
};

export default scene;
