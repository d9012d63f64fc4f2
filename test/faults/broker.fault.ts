import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../edge/http/listen.ts';
import { mosquitto, type OwnBroker, ownBroker } from '../e2e/mosquitto.ts';
import { absent, titled } from '../peers/tools.ts';
import { type Box, endBoxes, startBox } from './box.ts';

const reason = absent(mosquitto);
let broker: OwnBroker | undefined;

afterEach(async () => {
  await endBoxes();
  broker?.thaw();
  await broker?.close();
  broker = undefined;
});

async function started(): Promise<Box> {
  broker = await ownBroker();
  await broker.start();
  const box = await startBox({ broker });
  await box.wrist.hears('prompt', () => true, { withinSeconds: 90 });
  return box;
}

const seconds = (some: number) => new Promise((resolve) => setTimeout(resolve, some * 1000));

/** Every prompt that was raised is accounted for: it came to the wrist, or the journal says why not. */
async function judge(box: Box, fault: string, rightAgain: number, awayFor: number): Promise<void> {
  const lines = await box.journal();
  const heard = new Set(
    box.wrist.heard.flatMap((one) => (one.kind === 'prompt' ? [(one.payload as { id: string }).id] : [])),
  );
  const told = new Set(lines.flatMap((line) => (line.kind === 'missed' ? [line.id] : [])));
  const over = new Set(lines.flatMap((line) => (line.kind === 'state' ? [line.id] : [])));
  const raised = lines.flatMap((line) => (line.kind === 'prompt' && line.change === 'raised' ? [line] : []));
  const forgotten = raised.filter(({ id }) => !heard.has(id) && !told.has(id) && !over.has(id));
  // The newest may be on its way.
  expect(forgotten.filter(({ at }) => Date.parse(at) < Date.now() - 15_000)).toEqual([]);
  const cost = await box.account(fault, rightAgain, awayFor);
  expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
}

describe.skipIf(reason)(titled("The bank's own broker", reason), () => {
  test('that hangs with its connections standing is let go of, and reached again by itself', async () => {
    const box = await started();
    const at = performance.now();
    broker!.freeze();
    await box.service.says(/broker lost/, 60);
    expect((await box.health()).state).toBe('ok');
    expect(await box.metric('lobby_broker_connected')).toBe(0);
    await seconds(10);
    broker!.thaw();
    await box.service.says(/broker lost[\s\S]*broker reached/, 60);
    const away = (performance.now() - at) / 1000;
    await judge(box, 'broker hung (SIGSTOP)', await box.rightAgain(), away);
  });

  test('that was killed and lets nobody in for a while is reached again by itself', async () => {
    const box = await started();
    const at = performance.now();
    await broker!.kill();
    await box.service.says(/broker lost/, 60);
    // Nobody may come in: what answers there hangs up on everybody.
    let turnedAway = 0;
    const refusing = createServer((socket) => {
      turnedAway += 1;
      socket.on('error', () => undefined).destroy();
    });
    await listen(refusing, { host: '127.0.0.1', port: Number(new URL(broker!.url).port), option: 'port' });
    await seconds(10);
    expect(await box.metric('lobby_broker_connected')).toBe(0);
    expect(turnedAway).toBeGreaterThan(0);
    await new Promise<void>((resolve) => refusing.close(() => resolve()));
    await broker!.start();
    await box.service.says(/broker lost[\s\S]*broker reached/, 60);
    const away = (performance.now() - at) / 1000;
    await judge(box, 'broker killed, then refusing everybody', await box.rightAgain(), away);
  });

  test('that is full lets the service in as soon as there is room', async () => {
    const box = await started();
    await broker!.kill();
    const at = performance.now();
    await box.service.says(/broker lost/, 60);
    // Whoever comes first has the one place: the service comes later, and is turned away.
    const hogs = Array.from({ length: 3 }, () =>
      mqtt.connect(broker!.url, { ...broker!.login, reconnectPeriod: 10, connectTimeout: 5_000 }),
    );
    for (const hog of hogs) hog.on('error', () => undefined);
    await broker!.start(['max_connections 1']);
    await seconds(15);
    expect(await box.metric('lobby_broker_connected')).toBe(0);
    expect((await box.health()).state).toBe('ok');
    for (const hog of hogs) await hog.endAsync(true);
    await broker!.kill();
    await broker!.start(['max_connections 2']);
    await box.service.says(/broker lost[\s\S]*broker reached/, 60);
    const away = (performance.now() - at) / 1000;
    await judge(box, 'broker full (max_connections)', await box.rightAgain(), away);
  });

  test('that takes no prompt, by its rules, is told of by the log and in the journal, until it takes them again', async () => {
    const box = await started();
    await broker!.kill();
    const rules = join(box.folder, 'acl');
    writeFileSync(rules, `user lobby\ntopic read #\ntopic write lobby/v1/demo/health\n`, { mode: 0o600 });
    await broker!.start([`acl_file ${rules}`]);
    const at = performance.now();
    await box.service.says(/the broker does not take/, 120);
    expect(
      (await box.journal()).filter((line) => line.kind === 'missed' && line.why === 'refused').length,
    ).toBeGreaterThan(0);
    await broker!.kill();
    await broker!.start();
    const again = await box.rightAgain();
    await judge(box, 'broker refuses prompts by its rules', again, (performance.now() - at) / 1000);
  });
});
