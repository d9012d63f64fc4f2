import { join } from 'node:path';
import { packageRoot } from '../../../edge/package-root.ts';
import { isRecorded, knownLobbies, scenesFolder } from '../run-lobby.ts';
import { caviarSections } from './caviar.ts';
import { detectorSections } from './detector.ts';
import { lobbySections } from './lobbies.ts';
import { placeSections } from './places.ts';
import type { Section } from './section.ts';
import { trackerSections } from './tracker.ts';
import { waitSections } from './waits.ts';
import { daySections, lobbyWristSections } from './wrist.ts';

/** A part of the card that is measured by itself. */
export interface Part {
  readonly name: string;
  /** What must be there to measure it; it is not part of the project. */
  readonly needs?: string;
  /** It takes minutes: it is measured by `npm run score`, and its committed lines are not held at each run of the tests. */
  readonly isLong?: true;
  measure(): Promise<readonly Section[]>;
  /** Where most of its time goes into a few figures: the others alone, which are held at each run of the tests. */
  readonly brief?: {
    measure(): Promise<readonly Section[]>;
    /** The figures it leaves out; they are held by `npm run test:long`. */
    readonly without: readonly string[];
  };
}

/** Real data with a truth, kept beside the checkout. */
const data = join(packageRoot, '..', 'shared', 'data');

const recorded = () => knownLobbies().filter(isRecorded);

/** Every part, in the order of the card. */
export const parts: readonly Part[] = [
  {
    name: 'lobbies',
    measure: () => lobbySections(recorded()),
    brief: { measure: () => lobbySections(recorded(), undefined, 0), without: ['shaken'] },
  },
  {
    name: 'places',
    measure: () => placeSections(recorded()),
    brief: { measure: () => placeSections(recorded(), 0), without: ['errors shaken'] },
  },
  { name: 'waits', measure: async () => waitSections() },
  { name: 'wrist', measure: async () => lobbyWristSections(recorded()) },
  { name: 'wrist-days', isLong: true, measure: async () => daySections() },
  {
    name: 'detector-photographs',
    needs: join(data, 'airport'),
    measure: () => detectorSections({ airport: join(data, 'airport') }),
  },
  { name: 'detector-clips', isLong: true, measure: () => detectorSections({ scenes: scenesFolder }) },
  { name: 'tracker', needs: join(data, 'mot'), measure: () => trackerSections(join(data, 'mot')) },
  { name: 'caviar', needs: join(data, 'caviar'), measure: () => caviarSections(join(data, 'caviar')) },
];
