import { randomBytes } from 'node:crypto';
import { boxTopicsOf } from '../../src/contract/boxes.ts';
import type { PixelBox } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type BoxesHeard, hearBoxes } from '../../src/service/hear-boxes.ts';
import type { CameraOutput } from '../../src/service/run-camera.ts';
import type { BrokerAddress } from '../brokers/dial.ts';
import type { CameraRuns } from '../setup/keep-cameras.ts';
import { type BoxLink, type Hearing, hearing, linkBoxes } from './box-link.ts';

export interface HearOtherBoxesOptions {
  readonly broker: BrokerAddress;
  readonly branch: string;
  readonly cameras: readonly { readonly id: string }[];
  readonly clock: Clock;
  readonly tell: (camera: string, output: CameraOutput) => void;
  /** Whose heads to look at in a camera's next picture. */
  readonly looks: (camera: string) => readonly PixelBox[];
  readonly onLink: (connected: boolean, reason?: string) => void;
  readonly onRemark: (remark: string) => void;
  /** A fault of ours: for the log, and to let go of what was remembered. It must not throw. */
  readonly onFault: (error: unknown) => void;
  /** What else to hear on the same link. */
  readonly more?: readonly Hearing[];
  /** Told from when on everything is heard, and when the link is lost. */
  readonly onHearing?: (isHearing: boolean) => void;
  /** Whether this box says whose heads to look at; absent: it does. */
  readonly decides?: () => boolean;
}

/** Cameras of other boxes, in place of one's own. */
export interface OtherBoxes extends CameraRuns {
  readonly heard: Pick<BoxesHeard, 'figures' | 'boxes'>;
  readonly link: Pick<BoxLink, 'refused' | 'connected' | 'say'>;
}

/** Looks are said again this often though nothing changed: a box that was started meanwhile knows of none. */
const looksAgainSeconds = 2;
/** As many heads as the message has room for; a branch that asks for more gets the first. */
const mostLooks = 100;

/**
 * Hears the other boxes of a branch, and says back whose heads to look at.
 *
 * @throws {LobbyError} as `linkBoxes`
 */
export async function hearOtherBoxes(
  options: HearOtherBoxesOptions,
  ending: AbortSignal,
): Promise<OtherBoxes> {
  const { branch, clock } = options;
  const topics = boxTopicsOf(branch);
  const said = new Map<string, { text: string; at: number }>();
  // Boxes that stand by ask too, and each hears the answers to all.
  const asker = randomBytes(4).toString('hex');
  const sayLooks = (camera: string) => {
    if (options.decides?.() === false) return;
    const boxes = options
      .looks(camera)
      .slice(0, mostLooks)
      .map(({ left, top, right, bottom }) => [left, top, right, bottom].map((one) => Number(one.toFixed(1))));
    const text = JSON.stringify(boxes);
    const before = said.get(camera);
    const isOld = before === undefined || Math.abs(clock.now() - before.at) >= looksAgainSeconds;
    if (before?.text === text && (!isOld || boxes.length === 0)) return;
    said.set(camera, { text, at: clock.now() });
    link.say('looks', topics.looks(camera), {
      v: 1,
      boxes: boxes as unknown as [number, number, number, number][],
    });
  };
  const heard = hearBoxes({
    cameras: options.cameras.map(({ id }) => id),
    clock,
    ask: (box, id) => link.say('clockAsk', topics.clockAsk(box), { v: 1, id: `${asker}${id}` }),
    tell(camera, output) {
      try {
        options.tell(camera, output);
        if (output.kind === 'people') sayLooks(camera);
      } catch (error) {
        options.onFault(error);
      }
    },
    onRemark: options.onRemark,
  });
  const link = await linkBoxes({
    ...options.broker,
    clientId: `lobby-${branch}-decide`,
    hear: [
      hearing(topics.people('+'), 'people', (camera, payload) => heard.people(camera, payload)),
      hearing(topics.sensor('+'), 'sensor', (box, payload) => {
        // A box speaks of itself alone.
        if (payload.box === box) heard.sensor(payload);
      }),
      hearing(topics.clockAnswer('+'), 'clockAnswer', (box, payload) => {
        if (payload.box !== box || !payload.id.startsWith(asker)) return;
        heard.clockSaid(box, payload.id.slice(asker.length), payload.at / 1000);
      }),
      ...(options.more ?? []),
    ],
    onLink: options.onLink,
    ...(options.onHearing === undefined ? {} : { onHearing: options.onHearing }),
  });
  const running = heard.run(ending);
  return {
    heard,
    link,
    use: (cameras) => heard.use(cameras.map(({ id }) => id)),
    async ended() {
      await running;
      await link.close();
    },
  };
}
