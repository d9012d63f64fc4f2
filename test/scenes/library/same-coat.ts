import { way } from '../plane.ts';
import type { Looks, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { oldBank } from './lobbies/old-bank.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(oldBank);

/** The same to the shoes. */
const looks: Looks = {
  heightMetres: 1.74,
  girth: 1,
  skin: '#d7ab86',
  hair: { style: 'short', colour: '#2a1f18' },
  top: { kind: 'coat', colour: '#3a4048' },
  legs: { kind: 'trousers', colour: '#22262d' },
  shoes: '#1d1a18',
};

const scene: Scene = {
  ...oldBank.plan,
  name: 'same-coat',
  tests:
    'Two customers and one of the staff, dressed the same to the shoes, keep crossing each other; who is who shows in their ways alone.',
  seed: 49,
  seconds: 60,
  camera: oldBank.cameras.overCounter,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [
        walk(...way(-1.8, 2.2)),
        { act: 'stand', seconds: 2, face: [0, -5] },
        walk([2.8, 1.1]),
        { act: 'stand', seconds: 2.5, face: [7, -2] },
        walk([-2.2, 1.5]),
        { act: 'stand', seconds: 2, face: [-6.6, 0.6] },
        { act: 'use', at: [-5.9, 0.6], face: [-7, 0.6], seconds: 6 },
        walk(...way(3, 1)),
      ],
      { seed: 151, looks, speed: 1.25 },
    ),
    customer(
      'c2',
      3,
      [
        walk(...way(2.8, 2.1)),
        { act: 'stand', seconds: 1.5, face: [0, -5] },
        walk([-2.2, 0.9]),
        { act: 'stand', seconds: 2.5, face: [-6.6, 0.6] },
        walk([3, 1.7]),
        { act: 'stand', seconds: 1.5, face: [7, -2] },
        walk([-2.4, 2.6]),
        { act: 'stand', seconds: 3, face: [0, -5] },
        walk(...way(1.2, 1.4)),
        { act: 'stand', seconds: 3, face: [0, -5] },
      ],
      { seed: 152, looks, speed: 1.2, fromOtherwise: true },
    ),
    staff(
      's1',
      2,
      [
        walk(...way(-5, -1.8, -3, 0.6, 2.6, 2.7)),
        { act: 'stand', seconds: 3, face: [5.2, 4.5] },
        walk(...way(0.2, 1.2, -3.2, 0.4)),
        { act: 'until', at: 34, face: [0, 5] },
        { act: 'meet', customer: 'c2', seconds: 4 },
        walk(...way(-3, 0.2)),
      ],
      { seed: 153, looks, speed: 1.25 },
    ),
  ],
};

export default scene;
