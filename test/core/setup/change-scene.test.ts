import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeScene } from '../../../src/core/setup/change-scene.ts';
import { type CoreSettings, type CoreState, viewLobby } from '../../../src/core/step.ts';
import { anyStory, storyFps, storySeconds } from '../../properties/any-story.ts';
import {
  camera,
  cameraAt,
  cash,
  door,
  film,
  service,
  settings,
  stay,
  tell,
  to,
  walk,
  zones,
} from '../story.ts';

const inQueue = [walk(0, [-6.5, 0], to(3, -2), stay(60)), walk(3, [-6.5, 0], to(2.6, -2.8), stay(60))];
const until = 25;
const early = film(inQueue, { until });
const late = film(inQueue, { from: until + 0.2, until: until + 12 });
const before = tell(early).state;

/** How the queue is, with the change made in the midst of it. */
function goOn(after: CoreSettings, from: CoreState = changeScene(before, settings, after)) {
  const told = tell(late, after, from);
  return { told, view: viewLobby(told.state, after) };
}
const queueOf = (view: ReturnType<typeof viewLobby>) => view.zones.find(({ id }) => id === cash.id);

describe('A lobby whose set-up is changed while people are in it', () => {
  it('is as it was where nothing changed', () => {
    expect(changeScene(before, settings, { ...settings, zones: structuredClone(zones) })).toBe(before);
  });

  it('keeps who waits, and since when, when a corner of the queue is moved', () => {
    if (cash.kind === 'entrance') throw new Error('no queue');
    const wider = { ...cash, polygon: cash.polygon.with(0, { x: 1.7, y: -3.5 }) };
    const { view } = goOn({ ...settings, zones: [door, wider, service] });
    expect(queueOf(view)).toMatchObject({ people: 2 });
    expect(queueOf(view)!.longestWaitSeconds).toBeGreaterThan(20);
    // Control: a lobby begun anew would know nobody who waits for so long.
    expect(
      queueOf(goOn({ ...settings, zones: [door, wider, service] }, tell([]).state).view)!.longestWaitSeconds,
    ).toBeLessThan(15);
  });

  it('lets go of a queue with its zone, and of nobody in it', () => {
    const { told, view } = goOn({ ...settings, zones: [door, service] });
    expect(queueOf(view)).toBeUndefined();
    expect(view.inQueue).toBe(0);
    expect(view.inLobby).toBe(2);
    expect(told.state.visits.visits.map(({ id }) => id)).toEqual(before.visits.visits.map(({ id }) => id));
    // Control: the step by itself cannot go on with members of a zone that is not there.
    expect(() => tell(late, { ...settings, zones: [door, service] }, before)).toThrow();
  });

  it('finds the same people again when floor points of their camera were mended', () => {
    const mended = cameraAt(camera.id, [0.05, -8, 4], [0, 0]);
    const after = { ...settings, cameras: [mended] };
    const { told, view } = goOn(after);
    expect(queueOf(view)).toMatchObject({ people: 2 });
    expect(told.state.visits.visits.map(({ id }) => id)).toEqual(before.visits.visits.map(({ id }) => id));
    expect(told.happenings.filter(({ kind }) => kind === 'arrived')).toEqual([]);
  });

  it('knows which zones a camera sees as soon as they are drawn', () => {
    const far = { ...service, id: 'new' } as typeof service;
    const after = { ...settings, zones: [...zones, far] };
    expect(changeScene(before, settings, after).sight.cameras[0]!.zones).toContain('new');
    expect(before.sight.cameras[0]!.zones).not.toContain('new');
  });

  it('takes a camera in and lets one go while the other goes on', () => {
    const second = cameraAt('side', [6, 6, 3.5], [0, 0]);
    const both = { ...settings, cameras: [camera, second] };
    const joined = tell(late, both, changeScene(before, settings, both)).state;
    const more = tell(
      film(inQueue, { camera: second, from: until + 12.2, until: until + 15 }),
      both,
      joined,
    ).state;
    expect(more.visits.visits).toHaveLength(2);
    const alone = changeScene(more, both, settings);
    expect(
      alone.visits.visits.every(({ sightings }) => sightings.every((one) => one.camera === 'hall')),
    ).toBe(true);
    expect(alone.tracks.map((one) => one.camera)).toEqual(['hall']);
  });

  it('goes on whatever is taken away, added or moved in the midst of any story', () => {
    const anyZones = fc
      .subarray([...zones])
      .chain((some) => fc.record({ some: fc.constant(some), shift: fc.integer({ min: -10, max: 10 }) }));
    let changed = 0;
    fc.assert(
      fc.property(anyStory, anyZones, anyZones, fc.nat(storySeconds * storyFps), (story, one, other, at) => {
        const inputs = film(story, { fps: storyFps, until: storySeconds });
        const of = ({ some, shift }: typeof one): CoreSettings => ({
          ...settings,
          zones: some.map((zone) =>
            zone.kind === 'entrance'
              ? zone
              : { ...zone, polygon: zone.polygon.map(({ x, y }) => ({ x: x + shift / 10, y })) },
          ),
        });
        const [from, to] = [of(one), of(other)];
        const half = tell(inputs.slice(0, at), from);
        const next = changeScene(half.state, from, to);
        if (next !== half.state) changed += 1;
        expect(JSON.parse(JSON.stringify(next.visits.visits.map(({ id }) => id)))).toEqual(
          half.state.visits.visits.map(({ id }) => id),
        );
        expect(() => viewLobby(tell(inputs.slice(at), to, next).state, to)).not.toThrow();
      }),
      { numRuns: 15 },
    );
    expect(changed).toBeGreaterThan(8);
  });
});
