import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { boxTopicsOf } from '../../src/contract/boxes.ts';
import type { Branch, BranchCamera } from '../../src/contract/branch.ts';
import { browserSource } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { type FleetSettings, standingSchema } from '../../src/contract/fleet-settings.ts';
import type { LineOf } from '../../src/contract/journal.ts';
import type { SettingsChange } from '../../src/contract/settings.ts';
import { ackSchema, dutySchema, type HealthPayload, topicsOf } from '../../src/contract/topics.ts';
import type { CoreOutput } from '../../src/core/step.ts';
import { alsoNote } from '../../src/service/also-note.ts';
import { alsoTell } from '../../src/service/also-tell.ts';
import { coarsely } from '../../src/service/coarse-times.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { type DecideInTurn, decideInTurn } from '../../src/service/decide-in-turn.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { settingsLine } from '../../src/service/journal-lines.ts';
import { createJournalTrouble } from '../../src/service/journal-trouble.ts';
import { keepCamera } from '../../src/service/keep-camera.ts';
import { createLive } from '../../src/service/live.ts';
import { createLobby, type Lobby } from '../../src/service/lobby.ts';
import type { CameraOutput } from '../../src/service/run-camera.ts';
import { createPlates } from '../../src/service/setup/plates.ts';
import { createWalk } from '../../src/service/setup/walk.ts';
import { createTurns } from '../../src/service/take-turns.ts';
import { toMoment } from '../../src/service/wire.ts';
import { openPairings, pairingsFile } from '../access/pairings.ts';
import { openTokens } from '../access/tokens.ts';
import { hearing, hearingOf } from '../boxes/box-link.ts';
import { hearOtherBoxes, type OtherBoxes } from '../boxes/hear-other-boxes.ts';
import { addBoxMetrics, addDeciderMetrics } from '../boxes/metrics.ts';
import { createDecidingPublisher, type DecidingPublisher } from '../brokers/deciding-publisher.ts';
import { withoutLogin } from '../brokers/dial.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../brokers/embedded.ts';
import { type BrokerProtocol, connectPublisher, type MqttPublisher } from '../brokers/mqtt-publisher.ts';
import { createCamera } from '../cameras/open-camera.ts';
import { createPageCameras } from '../cameras/page-cameras.ts';
import { type Data, defaultDataFolder, openData } from '../data/open-data.ts';
import { figuresOfBranch } from '../figures/figures-of-branch.ts';
import { reportsOfBranch } from '../figures/reports-of-branch.ts';
import { serveFigures } from '../figures/serve-figures.ts';
import { addBankMetrics } from '../fleet/bank-metrics.ts';
import { fleetOfBranch } from '../fleet/fleet-of-branch.ts';
import { hearOrders } from '../fleet/hear-orders.ts';
import { openKeptOrders } from '../fleet/kept-orders.ts';
import { createSettingsOfBank, endTrialOfBank, valuesOf } from '../fleet/settings-of-bank.ts';
import { type Announcement, announceToHomeAssistant } from '../home-assistant/announce.ts';
import { buildMetrics } from '../http/metrics.ts';
import { linkPath, takePages } from '../http/page-camera.ts';
import { startServer, type WebServer } from '../http/server.ts';
import { createJournalPages } from '../journals/journal-pages.ts';
import { packageRoot } from '../package-root.ts';
import { type BranchStore, openBranchStore } from '../settings/branch-store.ts';
import { openPrivacyRecord } from '../settings/privacy-record.ts';
import { keepRun } from '../settings/run-record.ts';
import { openShadowStore, type ShadowStore } from '../settings/shadow-store.ts';
import { type CameraRuns, keepCameras } from '../setup/keep-cameras.ts';
import { openSetup } from '../setup/open-setup.ts';
import { openWalkFile } from '../setup/walk-file.ts';
import { systemClock } from '../system-clock.ts';
import { readVersion } from '../version.ts';
import { addWebhookMetrics } from '../webhooks/metrics.ts';
import { openWebhooks } from '../webhooks/open-webhooks.ts';
import { createWebhooks, type Webhooks } from '../webhooks/webhooks.ts';
import { createWhatIfs, type WhatIfs } from '../what-if/what-ifs.ts';
import { type BrokerOptions, openBrokerAddress } from './broker-address.ts';
import type { DetectorOptions } from './detector-options.ts';
import { checkBranchMode, readBranch, sourceOf, tlsOf } from './files.ts';
import { keepEyes } from './open-eyes.ts';
import { checkReach, type OpenOptions } from './reach.ts';
import { boxNameOf, needsBroker } from './sense.ts';
import { openServing, type ServingOptions } from './serving.ts';
import { orderedBox } from './settings-key.ts';

export interface RunOptions extends BrokerOptions, ServingOptions, OpenOptions, DetectorOptions {
  readonly branch: string;
  /** `decide`: other boxes look, this one understands and prompts. Default `all`. */
  readonly role?: 'decide' | 'all';
  /** With `decide`: this box's own name. Default: the machine's, as far as it is one. */
  readonly box?: string;
  readonly host?: string;
  /** Absent: the usual port, or any free one if it is taken. */
  readonly port?: number;
  readonly mqttPort?: number;
  readonly brokerProtocol?: keyof typeof protocols;
  /** Where pages reach that broker by WebSocket. */
  readonly pagesBroker?: string;
  /** Tells Home Assistant of the branch, whatever the branch file says. */
  readonly homeAssistant?: boolean;
  /** Tells counts by the hour, reports and how the box is for a bank's fleet, beneath `fleet/`. */
  readonly fleet?: boolean;
  /** Public keys of those who install: what they signed of the bank's settings is gone by. Absent: nothing is. */
  readonly settingsKey?: string;
  /** The group of branches that this one is in, for the bank's settings. Default `all`. */
  readonly fleetGroup?: string;
  /** Where to keep the journal and what waits over a restart. Absent: the usual folder, or nowhere if that cannot be had. */
  readonly data?: string;
  /** Settings that are changed are kept in memory alone, for a demo. */
  readonly forgetful?: boolean;
  /** A clip starts again at its end, for a demo. */
  readonly loop?: boolean;
  readonly log: Logger;
  readonly onStep?: (output: CoreOutput) => void;
  /** Told of everything cameras tell, before the lobby is. */
  readonly onCamera?: (camera: string, output: CameraOutput) => void;
  /** Adds pages of its own, such as the demo's. */
  readonly extend?: (app: FastifyInstance) => void;
}

export interface Running {
  readonly url: string;
  /** The console with the first token, which is shown this once; absent: there are tokens already. */
  readonly consoleUrl?: string;
  readonly mqttUrl: string;
  readonly lobby: Lobby;
  readonly detector: string;
  /** Says goodbye on MQTT, lets go of cameras and ports; resolves when done. */
  close(): Promise<void>;
}

const protocols = { auto: 'auto', '5': 5, '3.1.1': 4 } as const satisfies Record<string, BrokerProtocol>;
const usualPort = 8080;
const usualMqttPort = 1883;

/**
 * Puts everything together and runs it: cameras to people, people to prompts, prompts to wrists.
 *
 * Nothing is left behind if any part of it cannot start.
 */
export async function startRun(options: RunOptions): Promise<Running> {
  const { log, host = '127.0.0.1' } = options;
  const looks = options.role !== 'decide';
  const branch = await readBranch(options.branch);
  for (const remark of branch.remarks) log.warn(remark);
  for (const camera of looks ? branch.cameras : []) {
    const source = sourceOf(options.branch, camera.source);
    if (source === browserSource) continue;
    const isFile = !/^[a-z][a-z0-9+.-]*:\/\//i.test(source);
    if (isFile && !existsSync(source)) {
      throw new LobbyError('LOBBY_CAMERA_MISSING', { camera: camera.id, source });
    }
  }
  const homeAssistant = options.homeAssistant === true || branch.homeAssistant;
  const warn = (sentence: string) => log.warn(sentence);
  // The demo's is of the checkout, names no address, and is never written.
  if (options.forgetful !== true) checkBranchMode(options.branch, branch, warn);
  const ownBroker = await openBrokerAddress(options, warn);
  if (!looks && ownBroker === undefined) throw needsBroker('decide');
  const box = looks ? undefined : boxNameOf(options.box);
  const { tls, logins } = await openServing(options, warn);
  const reads = checkReach(
    {
      ...options,
      host,
      ...(tls === undefined ? {} : { tls }),
      hasLogins: logins !== undefined,
      broker: ownBroker,
      webhooks: branch.webhooks.map(({ url }) => url),
    },
    warn,
  );
  if (reads === 'asked' && logins === undefined && options.pagesBroker !== undefined) {
    warn('the watch page asks for a login, and nobody has one: name them with --watch-password-file');
  }
  const secured = { ...(tls === undefined ? {} : { tls }), ...(logins === undefined ? {} : { logins }) };
  const ordered = await orderedBox(options, branch.id, warn);
  const hooks = await openWebhooks(branch.webhooks, options.branch, process.env, warn);
  const version = await readVersion();
  const ending = new AbortController();
  const eyes = keepEyes({ ...options, looksAtHeads: branch.heads, clock: systemClock });
  let embedded: EmbeddedBroker | undefined;
  let publisher: MqttPublisher | undefined;
  let others: OtherBoxes | undefined;
  let turn: DecideInTurn | undefined;
  let competing: Promise<void> | undefined;
  const leaving = new AbortController();
  let webhooks: Webhooks | undefined;
  let announcement: Announcement | undefined;
  let data: Data | undefined;
  let web: WebServer | undefined;
  let links: { close(): void } | undefined;
  let whatIfs: WhatIfs | undefined;
  let runs: CameraRuns | undefined;
  let watching: Promise<unknown> | undefined;
  let reporting: Promise<void> | undefined;
  let tellingFleet: Promise<void> | undefined;
  let orders: { close(): Promise<void> } | undefined;
  const close = async () => {
    // What is given back is another's a moment later: nobody waits for this box to be gone.
    leaving.abort();
    await competing;
    if (turn !== undefined) {
      await publisher?.close();
      await turn.leave();
    }
    ending.abort();
    // The goodbye does not wait for a camera that hangs.
    await Promise.all([
      runs?.ended(),
      watching,
      reporting,
      tellingFleet,
      orders?.close(),
      publisher?.close(),
      webhooks?.close(),
      announcement?.close(),
    ]);
    // A page's link to the broker hangs on the web server, which would wait for it for ever.
    await embedded?.close();
    links?.close();
    await web?.close();
    await whatIfs?.close();
    await data?.close();
    await eyes.close();
  };
  try {
    if (looks && branch.cameras.some(({ source }) => source !== browserSource)) await eyes.open();
    const nameNow = () => eyes.now?.detector.name ?? (looks ? 'pages in browsers' : 'other boxes');

    if (ownBroker === undefined) {
      embedded = await onPort(options.mqttPort, usualMqttPort, log, (mqttPort) =>
        startEmbeddedBroker({
          branch: branch.id,
          host,
          mqttPort,
          homeAssistant,
          ...secured,
        }),
      );
    } else if (options.pagesBroker === undefined) {
      log.warn(`pages cannot reach the broker: say where it takes WebSockets with --pages-broker`);
    }
    const kept = await dataOf(options, branch);
    data = kept;
    if (kept !== undefined) {
      log.info(`kept over a restart: ${kept.folder}`);
      keepRunOf(kept.folder, options, warn);
    }
    const address = ownBroker ?? { url: embedded!.url, stream: () => embedded!.link() };
    const onLink = (connected: boolean, reason?: string) =>
      connected
        ? log.info('broker reached')
        : log.warn(`broker lost: ${reason ?? 'no answer'}; trying again`);
    const publishing = {
      ...address,
      branch: branch.id,
      clock: systemClock,
      // Inside the service it is known what is spoken.
      protocol: embedded === undefined ? protocols[options.brokerProtocol ?? 'auto'] : 4,
      onLink,
      onNotTaken: (message: string, reason: string) =>
        log.warn(`the broker does not take ${message}: ${reason}`),
      ...(kept === undefined
        ? {}
        : {
            onMissed: (missed: Pick<LineOf<'missed'>, 'id' | 'message' | 'why'>) =>
              kept.journal.write({ v: 1, at: toMoment(systemClock.now()), kind: 'missed', ...missed }),
          }),
    };
    let deciding: DecidingPublisher | undefined;
    if (box === undefined) {
      publisher = await connectPublisher({
        ...publishing,
        ...(kept === undefined ? {} : { outbox: kept.outbox }),
      });
    } else {
      const inTurn: DecidingPublisher = createDecidingPublisher({
        ...publishing,
        box,
        mayDecide: () => turn?.mayDecide() ?? false,
      });
      turn = decideInTurn({
        box,
        run: randomBytes(6).toString('hex'),
        clock: systemClock,
        elapsed: () => performance.now() / 1000,
        draw: () => randomInt(1_000) / 1_000,
        sayLease: (lease) => others?.link.say('lease', boxTopicsOf(branch.id).lease, lease),
        publisher: inTurn,
        onRemark: (remark) => log.info(remark),
      });
      deciding = inTurn;
      publisher = deciding;
    }
    const inTurn = turn;

    // The broker inside the service keeps nothing that would have to be taken away.
    if (homeAssistant || embedded === undefined) {
      announcement = announceToHomeAssistant({
        ...address,
        protocol: publisher.protocol,
        branch: branch.id,
        version,
        isOn: homeAssistant,
        onRemark: (remark) => log.warn(remark),
      });
    }
    webhooks = createWebhooks(hooks, {
      branch: branch.id,
      clock: systemClock,
      onRemark: (remark) => log.warn(remark),
    });
    const posted = webhooks;

    const live = createLive(() => systemClock.now(), createDayOf(branch.hours?.timezone));
    const tokens = openTokens({
      ...(kept === undefined ? {} : { file: join(kept.folder, 'tokens.json') }),
      now: () => systemClock.now(),
    });
    const taken =
      ordered === undefined
        ? undefined
        : openKeptOrders(
            kept === undefined ? undefined : join(kept.folder, 'bank-settings.json'),
            ordered,
            warn,
          );
    const bank = taken === undefined ? undefined : valuesOf(taken.found.standing);
    const settings: BranchStore = openBranchStore({
      file: options.branch,
      ...(bank === undefined ? {} : { bank }),
      ...(kept === undefined ? {} : { folder: kept.folder }),
      keepIn: options.forgetful === true ? 'memory' : 'file',
      now: () => systemClock.now(),
      privacy: openPrivacyRecord(kept?.folder),
      onBranch: (next) => {
        lobby.use(next);
        forgetPlaces(next);
        shadow.look();
        runs?.use(next.cameras);
      },
      onSaved: (change) => {
        log.info(`settings: version ${change.version}, ${inWords(change)}`);
        kept?.journal.write(settingsLine(change));
      },
      onRemark: (remark) => log.warn(remark),
    });
    const note = (line: LineOf<'setup'>) => void kept?.journal.write(line);
    const plates = createPlates({ clock: systemClock, note });
    const walkFile = kept === undefined ? undefined : openWalkFile(kept.folder);
    const walk = createWalk({
      clock: systemClock,
      branch: () => settings.branch,
      version: () => settings.latest.version,
      note,
      walked: walkFile?.walked,
      ...(walkFile === undefined ? {} : { keep: walkFile.keep, digest: walkFile.digest }),
    });
    /** What was kept of where people stood while that was told goes with the level that told it. */
    const forgetPlaces = (next: Branch) => {
      if (kept === undefined || next.privacy.level !== 'counts') return;
      void kept.journal.forgetPlaces().then(
        (scenes) => {
          if (scenes > 0)
            log.info(`privacy: the level is \`counts\`; ${scenes} scenes of where people stood are gone`);
        },
        (error) => log.error(error, 'where people stood could not be taken out of the journal'),
      );
    };
    forgetPlaces(branch);
    // Health is told before orders are heard.
    let ordersOfBank = (): HealthPayload['bankOrders'] => undefined;
    const lobby: Lobby = createLobby({
      branch: settings.branch,
      clock: systemClock,
      publisher: alsoTell(publisher, [posted, { lobby: live.sample }]),
      seed: randomInt(2 ** 31),
      // A camera that is added later may be the first that needs it.
      get detector() {
        return nameNow();
      },
      get heads() {
        return eyes.now?.heads?.name;
      },
      version,
      journal: alsoNote(kept && coarsely(kept.journal, branch.journal.timeSeconds), live.note),
      ...(kept === undefined ? {} : { prompts: kept.prompts }),
      isSettingUp: () => plates.isBuilding() || walk.view().phase === 'walking',
      settingsTrouble: () => troubleToTell(settings),
      ...(kept === undefined ? {} : { journalTrouble: createJournalTrouble(kept.journal, systemClock) }),
      bankOrders: () => ordersOfBank(),
      settingsVersion: () => settings.latest.version,
      onTried: (side, prompt) => shadow.count(side, prompt),
      onRemark: (remark) => log.info(remark),
      ...(inTurn === undefined ? {} : { mayDecide: inTurn.mayDecide, onState: inTurn.onState }),
      ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
    });
    const shadow: ShadowStore = openShadowStore({
      ...(kept === undefined ? {} : { file: join(kept.folder, 'shadow.json') }),
      branch: branch.id,
      settings,
      now: () => systemClock.now(),
      onTrial: (values) => lobby.tryOut(values),
      onRemark: (remark) => log.info(remark),
    });
    const ofBank =
      ordered === undefined || taken === undefined
        ? undefined
        : createSettingsOfBank({
            box: ordered,
            version,
            kept: taken,
            settings,
            shadow,
            now: () => systemClock.now(),
            onNews: () => tellWhatHolds(),
            onRemark: warn,
          });
    ordersOfBank = () => ofBank?.orders;
    /** To the other boxes that can decide: one that goes on goes by the same, whatever it has missed. Then to the bank. */
    function tellWhatHolds(): void {
      const standing = ofBank?.toTell();
      if (standing !== undefined) deciding?.standing(JSON.stringify(standingSchema.parse(standing)));
      void fleet?.tellSettings().catch((error) => log.error(error, 'the bank could not be told'));
    }
    if (ofBank === undefined) endTrialOfBank(shadow);
    else ofBank.look();
    /** A fault of ours costs what is remembered, as with a camera, and never the service: anybody may have caused it. */
    const beginAnew = () => {
      try {
        lobby.beginAnew('after a fault of the service');
      } catch (another) {
        log.error(another);
      }
    };
    const take = (hear: () => void) => {
      try {
        hear();
      } catch (error) {
        log.error(
          error,
          'what a wrist said could not be taken in, by a fault of the service: it begins again',
        );
        beginAnew();
      }
    };
    publisher.onAck((ack) => take(() => lobby.answer(ack)));
    publisher.onDuty((duty) => take(() => lobby.duty(duty)));
    publisher.onConfirmed((prompt) => lobby.confirmed(prompt));

    const figures =
      kept === undefined
        ? undefined
        : serveFigures(figuresOfBranch(kept.journal, () => settings.branch, systemClock));
    const asked = createWhatIfs({
      journal: kept?.journal,
      settings,
      clock: systemClock,
      onBroken: (error) => log.error(error, 'a what-if could not be worked out'),
    });
    whatIfs = asked;
    live.onLine((line) => walk.hear(line));
    const reports =
      kept === undefined || figures === undefined
        ? undefined
        : reportsOfBranch({
            branch,
            data: kept,
            figures,
            inLobby: () => lobby.lobby().inLobby ?? 0,
            publish: publisher.report,
            clock: systemClock,
            onRemark: (sentence) => log.info(sentence),
          });
    const fleet =
      options.fleet !== true || kept === undefined || reports === undefined
        ? undefined
        : fleetOfBranch({
            branch: () => settings.branch,
            data: kept,
            reports,
            health: lobby.health,
            settings: ofBank?.told,
            version,
            say: publisher.fleet,
            clock: systemClock,
            onRemark: warn,
          });
    if (options.fleet === true && fleet === undefined) warn('the fleet is told nothing: no journal is kept');
    const metrics = buildMetrics(lobby, publisher, kept?.journal, embedded);
    addWebhookMetrics(metrics, posted);
    if (ofBank !== undefined) addBankMetrics(metrics, ofBank);
    const pageCameras = createPageCameras({
      clock: systemClock,
      onRemark: (remark) => log.warn(remark),
    });
    const paired = {
      pages: pageCameras,
      pairings: openPairings({
        ...(kept === undefined ? {} : { file: join(kept.folder, pairingsFile) }),
        now: () => systemClock.now(),
      }),
      clock: systemClock,
      cameras: () => settings.branch.cameras,
    };
    web = await onPort(options.port, usualPort, log, (port) =>
      startServer({
        branch: branch.id,
        places: lobby.places,
        ...(options.pagesBroker === undefined ? {} : { broker: { url: options.pagesBroker } }),
        health: lobby.health,
        lobby: lobby.lobby,
        metrics,
        clock: systemClock,
        pagesFolder: join(packageRoot, 'dist', 'pages'),
        version,
        ...secured,
        reads,
        console: {
          tokens,
          clock: systemClock,
          plan: () => toPlanPayload({ ...branch, zones: settings.branch.zones }, lobby.inForce()),
          floor: lobby.floor,
          lobby: lobby.lobby,
          health: lobby.health,
          minutes: live.minutes,
          recent: live.recent,
          onLine: live.onLine,
          settings,
          ...(kept === undefined
            ? {}
            : {
                journal: createJournalPages({
                  journal: kept.journal,
                  settings,
                  keptDays: branch.journal.days,
                  now: () => systemClock.now(),
                }),
              }),
          shadow,
          ...(figures === undefined ? {} : { figures }),
          whatIfs: asked,
          setup: openSetup({
            store: settings,
            lobby,
            clock: systemClock,
            sourceOf: (source) => sourceOf(options.branch, source),
            plates,
            walk,
          }),
          ...(reports === undefined ? {} : { reports }),
        },
        pages: paired,
        onBroken: (error) => log.error(error),
        ...(options.extend === undefined ? {} : { extend: options.extend, showsItself: true }),
        host,
        port,
      }),
    );
    embedded?.attachWebSocket(web.server, [linkPath]);
    links = takePages(web.server, paired, embedded === undefined);

    const tell = (id: string, output: CameraOutput) => {
      options.onCamera?.(id, output);
      lobby.hear(id, output);
      if (output.kind === 'people' && walk.view().phase === 'walking') {
        const occupied = lobby.lobby().zones.filter(({ people = 0 }) => people > 0);
        walk.look(
          lobby.floor(),
          occupied.map((zone) => zone.id),
        );
      }
    };
    const turns = createTurns(systemClock);
    const keep = async ({ id, source, framesPerSecond, tls: known }: BranchCamera, signal: AbortSignal) => {
      const about = {
        id,
        clock: systemClock,
        signal,
        tell: (output: CameraOutput) => tell(id, output),
        onFault(error: unknown) {
          log.error(error, `camera ${id} stopped by a fault of the service, and begins again`);
          beginAnew();
        },
      };
      if (source === browserSource || !looks) {
        // It is looked at in the page: here there is no picture, and a page that comes back is not kept waiting.
        const page = pageCameras.of(id);
        const { input, fit } = page.detector;
        const retry = { firstSeconds: 0.2, mostSeconds: 0.2 };
        return keepCamera({ ...about, ...page, request: { framesPerSecond, input, fit }, retry });
      }
      const seeing = await eyes.openAtLast(signal);
      if (seeing === undefined) return;
      const { detector, closer, heads } = seeing;
      const { input, fit } = detector;
      return keepCamera({
        ...about,
        camera: createCamera({
          id,
          source: sourceOf(options.branch, source),
          ...tlsOf(options.branch, known),
          pace: 'as-it-happens',
          loop: options.loop ?? false,
          clock: systemClock,
        }),
        detector,
        turns,
        doors: {
          camera: id,
          branch: () => settings.branch,
          ...(closer === undefined ? {} : { detector: closer }),
        },
        sparesLooks: true,
        ...(heads === undefined ? {} : { heads: { watcher: heads, looks: () => lobby.looks(id) } }),
        request: { framesPerSecond, input, fit },
        onLook: (frame, people) => plates.look(id, frame, people),
      });
    };
    const own = keepCameras(keep, ending.signal);
    runs = own;
    if (inTurn !== undefined) {
      const topics = boxTopicsOf(branch.id);
      // While it decides these come by the link it publishes on.
      const unlessDeciding =
        <Said>(hear: (said: Said) => void) =>
        (_: string, said: Said) => {
          if (!lobby.decides) take(() => hear(said));
        };
      const isPage = ({ source }: BranchCamera) => source === browserSource;
      const ofOthers = (cameras: readonly BranchCamera[]) => cameras.filter((one) => !isPage(one));
      const ofBoxes = await hearOtherBoxes(
        {
          broker: address,
          branch: branch.id,
          cameras: ofOthers(settings.branch.cameras),
          clock: systemClock,
          tell,
          looks: lobby.looks,
          onLink: (connected, reason) => {
            if (!connected) log.warn(`other boxes are not heard: ${reason ?? 'no answer'}`);
          },
          onRemark: warn,
          onFault(error) {
            log.error(error, 'what another box saw could not be taken in, by a fault of the service');
            beginAnew();
          },
          more: [
            hearing(topics.lease, 'lease', (__, said, isKept) => inTurn.hearLease(said, isKept), { qos: 1 }),
            hearing(topics.deciding, 'deciding', (__, said, isKept) => inTurn.hearState(said, isKept), {
              mostBytes: 131_072,
            }),
            hearing(
              topics.standing,
              'standing',
              (__, said) => {
                if (!lobby.decides) ofBank?.join(said);
              },
              { qos: 1, mostBytes: 131_072 },
            ),
            hearingOf(topicsOf(branch.id).ack, ackSchema, unlessDeciding(lobby.answer)),
            hearingOf(topicsOf(branch.id).duty, dutySchema, unlessDeciding(lobby.duty)),
          ],
          onHearing: inTurn.onHearing,
          decides: () => lobby.decides,
        },
        ending.signal,
      );
      others = ofBoxes;
      addBoxMetrics(metrics, ofBoxes);
      addDeciderMetrics(metrics, () => inTurn.figures);
      runs = {
        use(cameras) {
          own.use(cameras.filter(isPage));
          ofBoxes.use(ofOthers(cameras));
        },
        ended: async () => void (await Promise.all([own.ended(), ofBoxes.ended()])),
      };
    }
    runs.use(settings.branch.cameras);
    competing = inTurn?.run(
      {
        standBy: lobby.standBy,
        decide(handed) {
          lobby.decide(handed);
          tellWhatHolds();
        },
      },
      leaving.signal,
    );
    watching = Promise.all([
      settings.watch(systemClock, ending.signal),
      shadow.watch(systemClock, ending.signal),
      ofBank?.watch(systemClock, ending.signal),
    ]);
    reporting = reports?.watch(ending.signal);
    tellingFleet = fleet?.watch(ending.signal);
    if (ofBank !== undefined && taken !== undefined) {
      log.info(whatIsHeard(ofBank.told()));
      orders = hearOrders({
        ...address,
        protocol: publisher.protocol,
        branch: branch.id,
        session: taken.session,
        clock: systemClock,
        onOrder(payload, isKept) {
          try {
            ofBank.hear(payload, isKept);
          } catch (error) {
            log.error(error, 'what the bank has set could not be taken, by a fault of the service');
          }
        },
        onRemark: warn,
      });
    }
    // Of a box that has none, or that keeps none: whoever sees its log is who installs it.
    const firstToken = tokens.list.length === 0 ? tokens.issue('installer').text : undefined;
    return {
      url: web.url,
      ...(firstToken === undefined ? {} : { consoleUrl: `${web.url}/#token=${firstToken}` }),
      mqttUrl: embedded?.url ?? publisher.state.url,
      lobby,
      detector: nameNow(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One ask comes several times: to the whole process group, and passed on by whatever started this process. */
const sameAskMs = 1_000;

/** Waits for the system to ask for the end, then ends in order. A second ask ends at once. */
export async function untilAsked(running: Pick<Running, 'close'>): Promise<void> {
  await new Promise<void>((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const asked = () => {
      resolve();
      const forget = () => {
        for (const signal of signals) process.removeListener(signal, asked);
      };
      setTimeout(forget, sameAskMs).unref();
    };
    for (const signal of signals) process.on(signal, asked);
  });
  await running.close();
}

/** A folder that was asked for is insisted on; without the usual one the service runs, and forgets. */
async function dataOf({ data, log }: RunOptions, branch: Branch): Promise<Data | undefined> {
  const open = (folder: string) =>
    openData({
      folder,
      branch: branch.id,
      journal: branch.journal,
      ...(branch.hours === undefined ? {} : { timezone: branch.hours.timezone }),
      onTrouble: (sentence) => log.warn(sentence),
    });
  if (data !== undefined) return open(data);
  try {
    return await open(defaultDataFolder(branch.id));
  } catch (error) {
    // A folder that everybody may write to is there, and has to be looked at.
    if (!(error instanceof LobbyError) || error.code === 'LOBBY_FILE_OPEN') throw error;
    log.warn(`${error.message}: no journal is kept, and a restart forgets open prompts. ${error.remedy}`);
    return undefined;
  }
}

/** For papers about this box; that they cannot be made of it is no reason not to run. */
function keepRunOf(folder: string, options: RunOptions, warn: (sentence: string) => void): void {
  const { host = '127.0.0.1', broker, homeAssistant, tlsCert, tlsClientCa, watchPasswordFile } = options;
  try {
    keepRun(folder, {
      v: 1,
      host,
      ...(broker === undefined ? {} : { broker: withoutLogin(broker) }),
      homeAssistant: homeAssistant === true,
      ...(options.fleet === true ? { fleet: true } : {}),
      tls: tlsCert !== undefined,
      clientCertificates: tlsClientCa !== undefined,
      logins: watchPasswordFile !== undefined,
    });
  } catch (error) {
    warn(
      `how the service is run could not be written down for \`lobby papers\`: ${(error as Error).message}`,
    );
  }
}

/** That settings of the bank are heard, and how far they have come, for whoever has just given the key. */
function whatIsHeard({ group, order, inForce }: FleetSettings): string {
  const last = order === undefined ? 'no order yet' : `the last order ${order.bundle}, ${order.state}`;
  const held = inForce === undefined ? 'none is in force' : `${inForce.bundle} is in force`;
  return `settings of the bank are heard, for the group ${group}: ${last}; ${held}`;
}

/** What a new version is about, for the log. */
function inWords({ changes, profiles, shadow, setup = [] }: SettingsChange): string {
  const paths = [...Object.keys(changes), ...(profiles === undefined ? [] : ['profiles'])];
  const tried = shadow === undefined ? '' : `on trial ${shadow.how}: ${Object.keys(shadow.set).join(', ')}`;
  return (
    [...(paths.length === 0 ? [] : [`${paths.join(', ')} changed`]), tried, ...setup.map(({ en }) => en)]
      .filter(Boolean)
      .join('; ') || 'no threshold changed'
  );
}

/** What goes to every wrist says what is wrong with the file, and nothing that stands in it. */
function troubleToTell({ trouble }: BranchStore): HealthPayload['settings'] {
  if (trouble === undefined) return undefined;
  const { code, message, remedy } = trouble;
  return { code, message: message.replace(/, current value is .*$/s, ''), remedy };
}

/** Tries the usual port, and any free one if it is taken; a port that was asked for is insisted on. */
async function onPort<Started extends { readonly port: number }>(
  asked: number | undefined,
  usual: number,
  log: Logger,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  if (asked !== undefined) return start(asked);
  try {
    return await start(usual);
  } catch (error) {
    if (!(error instanceof LobbyError && error.code === 'LOBBY_PORT_IN_USE')) throw error;
    const started = await start(0);
    log.warn(`port ${usual} is taken by another program: using ${started.port}`);
    return started;
  }
}
