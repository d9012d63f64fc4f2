// A wrist in plain MQTT, for whoever writes firmware for one. The only package it needs is `mqtt`.
//
//   node docs/examples/wrist.mjs mqtt://127.0.0.1:1883 demo manager
import mqtt from 'mqtt';

/**
 * Goes on duty, shows and buzzes what is for this wrist, and says what became of it. `show`, `clear`, `buzz` and
 * `link` are the device; `clock` is its own time in milliseconds, which need not be right.
 */
export function wearWatch({ url, branch, role, show, clear, buzz, link, clock = Date.now, ...login }) {
  const base = `lobby/v1/${branch}`;
  const watch = `w-${Math.random().toString(36).slice(2, 10)}`; // made anew for each duty: it names nobody
  const shown = new Map(); // prompts on this wrist, by id, and whether it is we who took them
  const buzzed = new Set(); // the last 64: a prompt that comes again stays silent
  let newest = 0; // of several boxes that can decide: the newest term heard of
  let ahead = 0; // how far the box's clock is ahead of ours

  const duty = (onDuty, more) => JSON.stringify({ v: 1, watch, role, onDuty, ...more });
  const client = mqtt.connect(url, {
    ...login,
    clean: true, // a session would be handed what it missed; `lobby` names what is still open
    keepalive: 10,
    reconnectPeriod: 2_000,
    will: { topic: `${base}/duty`, payload: duty(false, { lost: true }), qos: 1, retain: false },
  });
  // Nothing is kept for later: an answer is about now.
  const say = (topic, text) => client.connected && client.publish(`${base}/${topic}`, text, { qos: 1 });
  const answer = (id, given) => say('ack', JSON.stringify({ v: 1, id, answer: given, role, watch }));
  const isLate = ({ expiresAt }) => Date.parse(expiresAt) <= clock() + ahead;
  const isMine = ({ watches, to }) => watches?.includes(watch) ?? to?.includes(role) ?? true;

  function take(prompt, { isNews, isOurs = shown.get(prompt.id)?.isOurs ?? false }) {
    if (!isMine(prompt) || (isLate(prompt) && !isOurs)) return;
    if (!shown.has(prompt.id)) answer(prompt.id, 'delivered');
    shown.set(prompt.id, { prompt, isOurs });
    show(prompt, isOurs);
    // Once, when it comes by itself: what is read from the lobby is old, or the next message.
    if (!isNews || buzzed.has(prompt.id)) return;
    buzz(prompt.haptic);
    buzzed.add(prompt.id);
    if (buzzed.size > 64) buzzed.delete(buzzed.values().next().value);
  }
  function drop(id, why) {
    if (shown.delete(id)) clear(id, why);
  }
  const hear = {
    prompt: (prompt) => take(prompt, { isNews: true }),
    state({ id, phase, watch: by }) {
      const one = shown.get(id);
      if (['met', 'skipped', 'withdrawn', 'expired'].includes(phase)) drop(id, phase);
      else if (phase === 'accepted' && by !== watch) drop(id, 'taken');
      else if (one) take(one.prompt, { isNews: false, isOurs: phase === 'accepted' });
    },
    lobby({ at, open }) {
      ahead = Date.parse(at) - clock(); // sent every 10 s at least, and never kept for later
      const ids = new Set(open.map(({ prompt }) => prompt.id));
      // Its state, which says why it is over, may be overtaken by the lobby: it has a second.
      for (const [id, one] of shown)
        if (!ids.has(id)) setTimeout(() => shown.get(id) === one && drop(id, 'over'), 1_000);
      for (const { prompt, phase, watch: by } of open)
        if (phase === 'accepted' && by !== watch) drop(prompt.id, 'taken');
        else take(prompt, { isNews: false, isOurs: phase === 'accepted' });
    },
    health: ({ state }) => link?.(state), // `gone`: the box is away; `blind`: it sees nothing
  };
  client.on('connect', () => {
    client.subscribe(
      ['prompt', 'prompt/+/state', 'lobby', 'health'].map((one) => `${base}/${one}`),
      { qos: 1 },
    );
    say('duty', duty(true));
  });
  client.on('message', (topic, bytes) => {
    const said = JSON.parse(bytes.toString());
    if (said.term < newest) return; // a box that another has followed, and that does not know yet
    newest = said.term ?? newest;
    hear[topic.split('/').at(-1)]?.(said);
  });
  client.on('close', () => link?.('none'));
  client.on('error', (error) => link?.(error.message));
  const sweep = setInterval(() => {
    for (const { prompt, isOurs } of shown.values())
      if (isLate(prompt) && !isOurs) drop(prompt.id, 'expired');
  }, 250);

  return {
    watch,
    answer, // (id, 'seen') when first looked at; 'accepted', 'met', 'not-needed', 'undo' when the wearer says so
    quiet: (seconds) => say('duty', duty(true, { quietSeconds: seconds })),
    async goOffDuty() {
      clearInterval(sweep);
      if (client.connected) await client.publishAsync(`${base}/duty`, duty(false), { qos: 1 });
      await client.endAsync();
    },
  };
}

if (import.meta.filename === process.argv[1]) {
  const [url, branch, role = 'manager'] = process.argv.slice(2);
  const worn = wearWatch({
    ...{ url, branch, role },
    show: ({ id, say }, isOurs) => console.log(isOurs ? 'yours' : 'shown', id, say.zh, '|', say.en),
    clear: (id, why) => console.log('gone ', id, why),
    buzz: (haptic) => console.log('buzz ', haptic),
    link: (state) => console.log('link ', state),
  });
  process.once('SIGINT', () => worn.goOffDuty());
}
