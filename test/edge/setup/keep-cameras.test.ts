import { describe, expect, it } from 'vitest';
import { keepCameras } from '../../../edge/setup/keep-cameras.ts';
import type { BranchCamera } from '../../../src/contract/branch.ts';

const camera = (id: string, source = `rtsp://${id}`, framesPerSecond = 5): BranchCamera => ({
  id,
  source,
  framesPerSecond,
});
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function running() {
  const log: string[] = [];
  const ending = new AbortController();
  let holds: (() => void) | undefined;
  const runs = keepCameras(
    ({ id, source, framesPerSecond }, signal) =>
      new Promise((resolve) => {
        const name = `${id} ${source} ${framesPerSecond}`;
        log.push(`begins ${name}`);
        const end = () => {
          log.push(`ended ${name}`);
          resolve();
        };
        signal.addEventListener('abort', () => {
          if (id === 'slow') holds = end;
          else end();
        });
      }),
    ending.signal,
  );
  return { log, runs, ending, letGo: () => holds?.() };
}

describe('The cameras that run', () => {
  it('are those that are wanted: new ones begin, others go on undisturbed, those that are gone end', async () => {
    const { log, runs } = running();
    runs.use([camera('hall'), camera('side')]);
    await settled();
    runs.use([{ ...camera('hall'), floor: {} as never }, camera('door')]);
    await settled();
    expect(log).toEqual([
      'begins hall rtsp://hall 5',
      'begins side rtsp://side 5',
      'ended side rtsp://side 5',
      'begins door rtsp://door 5',
    ]);
  });

  it('begin anew with another address or rate, once the stream before is let go of', async () => {
    const { log, runs, letGo } = running();
    runs.use([camera('slow')]);
    await settled();
    runs.use([camera('slow', 'rtsp://elsewhere')]);
    await settled();
    expect(log).toEqual(['begins slow rtsp://slow 5']);
    letGo();
    await settled();
    expect(log.slice(1)).toEqual(['ended slow rtsp://slow 5', 'begins slow rtsp://elsewhere 5']);
  });

  it('all end with the service, also one that is on its way out', async () => {
    const { log, runs, ending, letGo } = running();
    runs.use([camera('slow'), camera('hall')]);
    await settled();
    runs.use([camera('hall')]);
    ending.abort();
    let isOver = false;
    const over = runs.ended().then(() => {
      isOver = true;
    });
    await settled();
    expect(isOver).toBe(false);
    letGo();
    await over;
    runs.use([camera('late')]);
    await settled();
    expect(log.filter((line) => line.startsWith('ended'))).toHaveLength(2);
    expect(log).not.toContain('begins late rtsp://late 5');
  });
});
