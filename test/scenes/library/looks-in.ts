import { way } from '../plane.ts';
import type { Act, Person, Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { dressed, peopleIn, walk } from './people.ts';

const { customer } = peopleIn(highStreet);

/** Along the street from one end to the other, close by the door, and whatever they do there. */
const passer = (id: string, at: number, seed: number, acts: Act[], from: 'up' | 'down' = 'up'): Person => {
  const [start, end] = from === 'up' ? [way(-5.1, 6.2), way(-5.2, -3.6)] : [way(-5.5, -3.6), way(-5.4, 6.2)];
  return {
    id,
    role: 'customer',
    looks: dressed(seed),
    at,
    from: start[0]!,
    speed: 1.3,
    acts: [...acts, walk(...end)],
  };
};

const scene: Scene = {
  ...highStreet.plan,
  name: 'looks-in',
  tests: 'The street goes by; some stop and look in, one from the doorway, one a step too far; one comes in.',
  seed: 44,
  seconds: 50,
  camera: { ...highStreet.cameras.oppositeDoor, fps: 8 },
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    passer('p1', 0.5, 101, []),
    passer('p2', 3, 102, [], 'down'),
    // Before the door, which opens.
    passer('p3', 6, 103, [walk([-4.7, 1.4]), { act: 'stand', seconds: 4, face: [1, -1] }]),
    // In the doorway, short of the line.
    passer('p4', 13.5, 104, [
      walk(...way(-4.9, 2, -3.95, 1.3)),
      { act: 'stand', seconds: 3, face: [1, -2] },
      walk(...way(-4.9, 0.8)),
    ]),
    passer('p5', 17, 105, [], 'down'),
    // A step across it, and back.
    passer('p6', 22, 106, [
      walk(...way(-4.9, 2, -4, 1.4, -3.15, 1.3)),
      { act: 'stand', seconds: 1.5, face: [1, -2] },
      walk(...way(-4, 1, -4.9, 0.6)),
    ]),
    customer('c1', 28, [{ act: 'use', at: [-3, -1.4], face: [-4, -1.4], seconds: 6 }, walk([-2.6, 0])], {
      seed: 107,
    }),
    passer('p7', 33, 108, []),
    passer('p8', 33.4, 109, [{ act: 'follow', person: 'p7', beside: 0.65, behind: 0.1 }]),
  ],
};

export default scene;
