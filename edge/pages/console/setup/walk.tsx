import { useEffect, useState } from 'preact/hooks';
import type { WalkMiss, WalkPayload, WalkVerdict } from '../../../../src/contract/setup.ts';
import { ask, type Reply, send } from '../api.ts';
import type { StepParts } from './camera.tsx';
import { Canvas } from './canvas.tsx';
import { nameOf } from './names.ts';
import { zoneOf } from './state.ts';
import { isChanged } from './wire.ts';
import { say } from './words.ts';

const path = '/api/v1/setup/walk';

/** The walk test as the box knows it, read each second while it is looked at. */
export function useWalk(isLookedAt: boolean) {
  const [walk, setWalk] = useState<WalkPayload>();
  const [hasTrouble, setTrouble] = useState(false);
  const take = (reply: Reply<WalkPayload>): boolean => {
    setTrouble(!reply.ok);
    if (reply.ok) setWalk(reply.value);
    return reply.ok;
  };
  useEffect(() => {
    if (!isLookedAt) return;
    let isOpen = true;
    const read = async () => {
      const reply = await ask<WalkPayload>(path);
      if (isOpen) take(reply);
    };
    void read();
    const reading = setInterval(() => void read(), 1_000);
    return () => {
      isOpen = false;
      clearInterval(reading);
    };
  }, [isLookedAt]);
  return {
    walk,
    hasTrouble,
    start: async () => take(await send<WalkPayload>('POST', path)),
    stop: async () => take(await send<WalkPayload>('DELETE', path)),
    miss: async (miss: WalkMiss) => take(await send<WalkPayload>('POST', `${path}/miss`, miss)),
    judge: async (verdict: WalkVerdict) => take(await send<WalkPayload>('POST', `${path}/verdict`, verdict)),
  };
}

/** Somebody walks in and out and stands in each zone; the box counts, and whoever walked says whether it is right. */
export function WalkStep(parts: StepParts) {
  const { id, language, setup, editor, live, timeOf, fit } = parts;
  const { walk, hasTrouble, start, stop, miss, judge } = parts.walk;
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [asks, setAsks] = useState<'name' | 'note'>();
  const [isNoted, setNoted] = useState(false);
  const view = 'view' in fit && fit.state !== 'crossed' ? fit.view : undefined;
  const called = (zone: string) => {
    const found = zoneOf(editor.base, zone);
    return found === undefined ? zone : nameOf(found, language);
  };
  const isWalking = walk?.phase === 'walking';
  const misses = walk?.crossings.filter(({ counted }) => !counted) ?? [];
  const counted = walk?.doors.reduce((sum, door) => sum + door.in + door.out, 0) ?? 0;
  const walked = counted + (walk?.doors.reduce((sum, door) => sum + door.missedIn + door.missedOut, 0) ?? 0);
  const hasDoor = setup.zones.some(({ kind }) => kind === 'entrance');
  const floor = live.floor;
  const both = {
    ...parts,
    camera: id,
    floor: parts.planFrame,
    state: editor,
    edits: 'look' as const,
    view,
    isZoomHeld: false,
    people: floor?.people ?? [],
  };
  async function accept(): Promise<void> {
    if (name.trim() === '') return setAsks('name');
    await judge({
      verdict: 'accepted',
      name: name.trim(),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    });
  }
  async function tellProblem(): Promise<void> {
    if (note.trim() === '') return setAsks('note');
    if (await judge({ verdict: 'problem', note: note.trim() })) {
      setNote('');
      setNoted(true);
    }
  }
  return (
    <div class="step walk-step">
      <div class="two-views">
        <section class="canvas-panel">
          <h3>{say(language, 'plan')}</h3>
          <Canvas {...both} side="metres" frame={parts.planFrame} />
        </section>
        <section class="canvas-panel">
          <h3>{say(language, 'plate')}</h3>
          <Canvas {...both} side="pixel" frame={parts.pictureFrame} />
        </section>
      </div>
      <section class="panel walk-panel" aria-labelledby="walk-title">
        <h3 id="walk-title">{say(language, 'walkTitle')}</h3>
        {isChanged(editor) && <p class="refused">{say(language, 'walkUnsaved')}</p>}
        {hasTrouble && <p class="refused">{say(language, 'walkUnread')}</p>}
        {!hasDoor && <p class="refused">{say(language, 'walkNoDoor')}</p>}
        <p>{say(language, 'walkHelp')}</p>
        <p role="status">
          {walk?.phase === 'accepted' && (
            <span class="good">
              <span aria-hidden="true">✓</span> {say(language, 'walkAccepted')}
            </span>
          )}
          {walk?.phase === 'ended' && say(language, 'walkEnded')}
          {isNoted && ` ${say(language, 'walkNoted')}`}
        </p>
        <div class="choices">
          {isWalking ? (
            <button type="button" onClick={() => void stop()}>
              {say(language, 'walkStop')}
            </button>
          ) : (
            <button
              type="button"
              class="main-button"
              disabled={!hasDoor}
              onClick={() => {
                setNoted(false);
                void start();
              }}
            >
              {say(language, walk === undefined || walk.phase === 'off' ? 'walkStart' : 'walkAgain')}
            </button>
          )}
          {isWalking && walk.endsAt !== undefined && (
            <span class="second">{say(language, 'walkUntil', { t: timeOf(walk.endsAt) })}</span>
          )}
        </div>
        {walk !== undefined && walk.phase !== 'off' && (
          <>
            {walk.doors.map((door) => (
              <div key={door.id} class="door-counts">
                <h4>{called(door.id)}</h4>
                {(['in', 'out'] as const).map((direction) => (
                  <div key={direction} class="crossing-count">
                    <span>{say(language, direction === 'in' ? 'walkIn' : 'walkOut')}</span>
                    <b>{say(language, 'walkOf', { t: door[direction], n: walk.goal })}</b>
                    <progress
                      max={walk.goal}
                      value={Math.min(walk.goal, door[direction])}
                      aria-label={`${called(door.id)} ${say(language, direction === 'in' ? 'walkIn' : 'walkOut')}`}
                    />
                    <button
                      type="button"
                      disabled={!isWalking}
                      aria-label={`${say(language, 'walkMissed')}: ${called(door.id)} ${say(language, direction === 'in' ? 'walkIn' : 'walkOut')}`}
                      onClick={() => void miss({ door: door.id, direction })}
                    >
                      {say(language, 'walkMissed')}
                    </button>
                  </div>
                ))}
              </div>
            ))}
            <p class="figure">{say(language, 'walkRate', { walked, counted })}</p>
            <h4>{say(language, 'walkMissesHead')}</h4>
            {misses.length === 0 && <p class="second">{say(language, 'walkNoMiss')}</p>}
            <ul class="misses">
              {misses.map((one) => (
                <li key={`${one.at}-${one.direction}`}>
                  {say(language, 'walkMissLine', {
                    t: timeOf(one.at),
                    place: called(one.door),
                    way: say(language, one.direction === 'in' ? 'walkIn' : 'walkOut'),
                  })}
                </li>
              ))}
            </ul>
            <h4>{say(language, 'walkZones')}</h4>
            <ul class="zones-walked">
              {walk.zones.map((zone) => (
                <li key={zone.id}>
                  <span aria-hidden="true">{zone.seen ? '✓' : '–'}</span> {called(zone.id)}{' '}
                  <span class="second">
                    {!zone.seen
                      ? say(language, 'walkNotYet')
                      : zone.afterSeconds === undefined
                        ? say(language, 'walkSeenPlain')
                        : say(language, 'walkSeen', { t: zone.afterSeconds.toFixed(1) })}
                  </span>
                </li>
              ))}
            </ul>
            <p class="second">{say(language, 'walkBar')}</p>
            {isWalking && (
              <div class="fields">
                <label for="walk-name">{say(language, 'walkName')}</label>
                <input
                  id="walk-name"
                  class="text"
                  autocomplete="off"
                  maxLength={40}
                  value={name}
                  aria-invalid={asks === 'name' && name.trim() === ''}
                  onInput={({ currentTarget }) => setName(currentTarget.value)}
                />
                <label for="walk-note">{say(language, 'walkNote')}</label>
                <input
                  id="walk-note"
                  class="text"
                  autocomplete="off"
                  maxLength={300}
                  value={note}
                  aria-invalid={asks === 'note' && note.trim() === ''}
                  onInput={({ currentTarget }) => setNote(currentTarget.value)}
                />
                <div class="choices">
                  <button type="button" class="main-button" onClick={() => void accept()}>
                    {say(language, 'walkAccept')}
                  </button>
                  <button type="button" onClick={() => void tellProblem()}>
                    {say(language, 'walkProblem')}
                  </button>
                </div>
              </div>
            )}
          </>
        )}
      </section>
    </div>
  );
}
