/**
 * One minute in a friendly branch, for the demo and the README: somebody to greet at once, three in a
 * queue, somebody who looks lost, and customers who are met and who are not. The clip is looped, so the
 * lobby is empty at both ends.
 */
import { way } from '../plane.ts';
import type { Act, Looks, Point, Scene } from '../scene.ts';

const inside: Point = [-3.2, 1.5];
const doorway: Point = [-4.5, 1.35];
/** Beside the door outside, where the wall hides them from the camera. */
const street: Point = [-6.4, 3.6];
const otherStreet: Point = [-6.6, -2.6];

const comeIn: Point[] = [[-5.6, 1.9], doorway, inside];
/** A step further from the door's middle, so that a pair walks side by side. */
const comeInBeside: Point[] = [
  [-5.7, 1.3],
  [-4.5, 0.8],
  [-3.2, 0.8],
];
const goOut = (...by: Point[]): Act => ({
  act: 'walk',
  to: [...by, [-3.4, 0.75], [-4.6, 0.85], [-5.5, 0.4], otherStreet],
});
const fromWindow = way(-0.1, -2.2, -0.6, -1.0, -1.6, 0.4);

const looks: Record<string, Looks> = {
  grey: {
    heightMetres: 1.78,
    girth: 1.05,
    skin: '#d9a98a',
    hair: { style: 'short', colour: '#4a4038' },
    top: { kind: 'jacket', colour: '#5b6470', under: '#e8ecef' },
    legs: { kind: 'trousers', colour: '#3a4048' },
    shoes: '#2a211c',
    carries: { kind: 'briefcase', colour: '#4b3526' },
  },
  red: {
    heightMetres: 1.67,
    girth: 0.95,
    skin: '#e6bd9d',
    hair: { style: 'long', colour: '#3b2317' },
    top: { kind: 'jacket', colour: '#a8322d', under: '#efe6d8' },
    legs: { kind: 'trousers', colour: '#242a3c' },
    shoes: '#51382a',
    carries: { kind: 'handbag', colour: '#3c2b25' },
  },
  navy: {
    heightMetres: 1.74,
    girth: 1,
    skin: '#c99472',
    hair: { style: 'short', colour: '#17130f' },
    top: { kind: 'jacket', colour: '#28406b', under: '#dfe7f2' },
    legs: { kind: 'trousers', colour: '#4a4c52' },
    shoes: '#221c18',
  },
  green: {
    heightMetres: 1.81,
    girth: 1.08,
    skin: '#8d5f42',
    hair: { style: 'short', colour: '#15110e' },
    top: { kind: 'shirt', colour: '#4f7d5d' },
    legs: { kind: 'trousers', colour: '#6a5d4b' },
    shoes: '#e4e2dc',
    carries: { kind: 'backpack', colour: '#33414d' },
  },
  plum: {
    heightMetres: 1.64,
    girth: 1,
    skin: '#e2b596',
    hair: { style: 'bun', colour: '#6d4a2c' },
    top: { kind: 'dress', colour: '#6a4468' },
    legs: { kind: 'skirt', colour: '#6a4468' },
    shoes: '#2c2227',
    carries: { kind: 'handbag', colour: '#b98d5a' },
  },
  black: {
    heightMetres: 1.72,
    girth: 0.97,
    skin: '#dcae8c',
    hair: { style: 'short', colour: '#8a6a3f' },
    top: { kind: 'shirt', colour: '#2f333b' },
    legs: { kind: 'trousers', colour: '#5a6f8c' },
    shoes: '#d8d5cf',
  },
  silver: {
    heightMetres: 1.69,
    girth: 1.05,
    skin: '#e0b399',
    hair: { style: 'short', colour: '#8f8c88' },
    top: { kind: 'jacket', colour: '#3f3a5c', under: '#e6dfd2' },
    legs: { kind: 'trousers', colour: '#2e2c33' },
    shoes: '#38291f',
  },
};

const scene: Scene = {
  name: 'demo',
  seed: 7,
  seconds: 66,
  camera: {
    id: 'hall',
    at: [4.25, 3.2],
    heightMetres: 3.0,
    lookAt: [-0.8, -0.92],
    verticalDegrees: 50.5,
    widthPx: 960,
    heightPx: 540,
    fps: 10,
  },
  room: [-4.5, -3.6, 4.5, 3.6],
  wallHeight: 3.5,
  entrance: {
    id: 'main-door',
    line: [
      [-4.1, 0.1],
      [-4.1, 2.3],
    ],
    inside: [-2.8, 1.2],
  },
  zones: [
    {
      id: 'cash',
      kind: 'queue',
      name: { zh: '现金区', en: 'Cash' },
      polygon: way(0.3, -2.9, 1.7, -2.9, 1.7, 1.0, 0.3, 1.0),
    },
    {
      id: 'self-service',
      kind: 'service',
      polygon: way(-4.4, -3.3, -2.9, -3.3, -2.9, -0.7, -4.4, -0.7),
    },
    {
      id: 'staff-door',
      kind: 'staff',
      polygon: way(2.2, -3.6, 3.6, -3.6, 3.6, -2.3, 2.2, -2.3),
    },
  ],
  queues: [
    {
      zone: 'cash',
      places: way(1.0, -2.35, 1.0, -1.25, 1.0, -0.4, 1.0, 0.45, 1.0, 1.3),
      window: [1.0, -3.6],
    },
  ],
  doors: [
    { id: 'main-door', kind: 'sliding', at: [-4.5, 1.2], wall: 'left', widthMetres: 2.2 },
    { id: 'staff-door', kind: 'hinged', at: [2.85, -3.6], wall: 'far', widthMetres: 1.0 },
  ],
  furniture: [
    { kind: 'counter', from: -1.0, to: 2.1, windows: 3 },
    { kind: 'sign', at: [0.55, -3.6], wall: 'far', text: 'CASH', heightMetres: 2.75, widthMetres: 3.1 },
    { kind: 'machine', at: [-4.5, -2.55], turn: 0 },
    { kind: 'machine', at: [-4.5, -1.45], turn: 0 },
    {
      kind: 'sign',
      at: [-4.5, -2.0],
      wall: 'left',
      text: 'SELF-SERVICE',
      heightMetres: 2.55,
      widthMetres: 2.3,
    },
    {
      kind: 'rail',
      posts: way(0.45, -1.6, 0.45, -0.75, 0.45, 0.1),
      passable: true,
    },
    {
      kind: 'rail',
      posts: way(1.55, -1.6, 1.55, -0.75, 1.55, 0.1),
      passable: true,
    },
    { kind: 'leaflets', at: [-1.9, -3.25], turn: 90 },
    { kind: 'plant', at: [-4.05, -3.2], heightMetres: 1.5 },
    { kind: 'plant', at: [-4.1, -0.15], heightMetres: 1.15 },
    { kind: 'plant', at: [-4.0, 2.85], heightMetres: 1.4 },
    { kind: 'seats', at: [-0.6, 2.75], turn: -90, count: 4 },
    { kind: 'mat', at: [-3.7, 1.2], size: [1.2, 2.0] },
  ],
  light: { level: 1 },
  thresholds: {
    wandering: { afterSeconds: 12 },
    queue: { waitSeconds: 20, length: 3 },
    contact: { withinMetres: 1.6, forSeconds: 2, targetSeconds: 15 },
    // A minute played over and over: the usual six in ten minutes would leave nine of them silent.
    prompts: { mostInTenMinutes: 60 },
  },
  people: [
    {
      id: 's1',
      role: 'staff',
      looks: looks.navy!,
      at: 0.9,
      from: [2.85, -4.7],
      speed: 1.35,
      acts: [
        { act: 'walk', to: way(2.85, -3.0, 2.6, -0.5, 2.0, 1.2) },
        { act: 'meet', customer: 'c1', seconds: 3.5 },
        { act: 'walk', to: way(0.6, 2.0, 2.3, 1.3, 2.9, -0.2) },
        { act: 'until', at: 22.4, face: [-1, 0.6] },
        { act: 'walk', to: way(2.3, 1.3, 1.1, 1.9) },
        { act: 'meet', customer: 'c4', seconds: 4 },
        { act: 'walk', to: way(2.1, 1.3, 2.9, -0.2) },
        { act: 'until', at: 33, face: [-4, 0.8] },
        { act: 'walk', to: way(2.2, 1.4, 0.4, 1.7, -0.6, 1.0) },
        { act: 'meet', customer: 'c2', seconds: 4.2 },
        { act: 'walk', to: way(-0.9, 0.4, 0.2, 1.7, 2.1, 1.4, 2.9, -0.4) },
        { act: 'until', at: 53, face: [-3, 0] },
        { act: 'walk', to: way(2.85, -2.6, 2.85, -4.7) },
      ],
    },
    {
      id: 'c1',
      role: 'customer',
      looks: looks.grey!,
      at: 0.6,
      from: street,
      acts: [
        { act: 'walk', to: [...comeIn, [-0.9, 1.2]] },
        { act: 'stand', seconds: 2.2, face: [0.5, -3.6] },
        { act: 'queue', zone: 'cash', servedForSeconds: 10.5 },
        goOut(...fromWindow),
      ],
    },
    {
      id: 'c2',
      role: 'customer',
      looks: looks.red!,
      at: 5.2,
      from: street,
      acts: [
        { act: 'walk', to: [...comeIn, [-2.4, 0.2]] },
        {
          act: 'wander',
          stops: [
            { to: [-2.2, -0.4], seconds: 1.5, face: [-4.5, -2] },
            { to: [-1.8, -2.45], seconds: 4.5, face: [-1.9, -3.3] },
            { to: [-1.0, -1.3], seconds: 2.5, face: [1, -3.6] },
            { to: [-1.3, -2.3], seconds: 3, face: [-4.5, -1] },
            { to: [-1.9, -2.5], seconds: 2.5, face: [-1.9, -3.3] },
            { to: [-1.2, -2.5], seconds: 2.5, face: [1, 0] },
            { to: [-2.5, -2.4], seconds: 2.5, face: [0.5, -3.6] },
          ],
        },
        { act: 'use', at: [-3.45, -2.55], face: [-4.5, -2.55], seconds: 5 },
        goOut([-2.9, -0.8]),
      ],
    },
    {
      id: 'c3',
      role: 'customer',
      looks: looks.green!,
      at: 11.2,
      from: [-6.9, 2.9],
      acts: [
        { act: 'walk', to: [...comeInBeside, [-1.2, 0.5]] },
        { act: 'queue', zone: 'cash', servedForSeconds: 8 },
        goOut(...fromWindow),
      ],
    },
    {
      id: 'c4',
      role: 'customer',
      looks: looks.plum!,
      at: 12.1,
      from: street,
      acts: [
        { act: 'walk', to: [...comeIn, [-0.8, 1.2]] },
        { act: 'queue', zone: 'cash', servedForSeconds: 6 },
        goOut(...fromWindow),
      ],
    },
    {
      id: 'c5',
      role: 'customer',
      looks: looks.black!,
      at: 19.5,
      from: street,
      acts: [
        { act: 'walk', to: [...comeIn, [-3.0, 0.2]] },
        { act: 'use', at: [-3.45, -2.55], face: [-4.5, -2.55], seconds: 8 },
        goOut([-3.0, -0.6]),
      ],
    },
    {
      id: 'c6',
      role: 'customer',
      looks: looks.silver!,
      at: 27.5,
      from: street,
      speed: 1.1,
      acts: [
        { act: 'walk', to: [...comeIn, [-1.0, 1.2]] },
        { act: 'queue', zone: 'cash', servedForSeconds: 4 },
        goOut(...fromWindow),
      ],
    },
  ],
};

export default scene;
