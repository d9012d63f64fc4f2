import { clips, isTriedAlways, seesInEach } from './judge-clip.ts';

/** The clips of the library that `sight.test.ts` leaves out. */
seesInEach(clips.filter((clip) => !isTriedAlways(clip)));
