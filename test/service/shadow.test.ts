import { describe, expect, it } from 'vitest';
import type { JournalLine, LineOf } from '../../src/contract/journal.ts';
import { openSmallLobby, smallBranch } from './small-lobby.ts';

const branch = smallBranch();
const at = '2026-11-24T02:00:00.000Z';
const shadowsOf = (lines: readonly JournalLine[]) =>
  lines.filter((line): line is LineOf<'shadow'> => line.kind === 'shadow');
const asked = (all: readonly { kind: string }[]) => all.filter(({ kind }) => kind === 'ask-queue');

describe('Values on trial', () => {
  it('are journalled as what they would have said, with the reason shadow, and said to nobody', async () => {
    const { lobby, film, prompts, lines } = openSmallLobby(branch, at);
    lobby.tryOut({ 'queue.waitSeconds': 30 });
    await film(60);
    expect(asked(prompts)).toEqual([]);
    expect(shadowsOf(lines).filter(({ prompt }) => prompt === 'ask-queue')).toMatchObject([
      { place: 'cash', people: expect.any(Number), happening: 'waited-long', reason: 'shadow' },
    ]);
  });

  it('say what they would have said live: the same prompt, in the same moment', async () => {
    const tried = openSmallLobby(branch, at);
    tried.lobby.tryOut({ 'queue.waitSeconds': 30 });
    await tried.film(60);
    const live = openSmallLobby(withWait(30), at);
    await live.film(60);
    const would = shadowsOf(tried.lines).map(({ at: when, prompt, place }) => [when, prompt, place]);
    const said = live.lines
      .filter((line) => line.kind === 'prompt')
      .map((line) => [line.at, line.prompt, line.place]);
    expect(would).toEqual(said);
    expect(would.length).toBeGreaterThan(1);
  });

  it('change nothing of what is said, noticed and kept quiet', async () => {
    const alone = openSmallLobby(branch, at);
    await alone.film(60);
    const beside = openSmallLobby(branch, at);
    beside.lobby.tryOut({ 'queue.waitSeconds': 30, 'prompts.mostInTenMinutes': 1 });
    await beside.film(60);
    expect(beside.lines.filter(({ kind }) => kind !== 'shadow')).toEqual(alone.lines);
    expect(beside.prompts).toEqual(alone.prompts);
    expect(shadowsOf(beside.lines).length).toBeGreaterThan(0);
  });

  it('begin with what is known: who has waited long enough is asked about at once', async () => {
    const { lobby, film, lines } = openSmallLobby(branch, at);
    await film(60);
    lobby.tryOut({ 'queue.waitSeconds': 30 });
    await film(1);
    expect(shadowsOf(lines).map(({ prompt }) => prompt)).toEqual(['ask-queue']);
  });

  it('count their prompts and the live ones of the same time', async () => {
    const counted: string[] = [];
    const { lobby, film } = openSmallLobby(branch, at, {
      onTried: (side, { kind }) => counted.push(`${side} ${kind}`),
    });
    lobby.tryOut({ 'queue.waitSeconds': 30 });
    await film(60);
    expect(counted).toEqual(['live greet', 'shadow greet', 'shadow ask-queue']);
    lobby.tryOut(undefined);
    await film(200);
    expect(counted).toHaveLength(3);
  });

  it('are begun anew after a fault of theirs, and what is said goes on', async () => {
    const remarks: string[] = [];
    let faults = 0;
    const { lobby, film, prompts, lines } = openSmallLobby(branch, at, {
      onRemark: (remark) => remarks.push(remark),
      onTried: (side) => {
        if (side !== 'shadow') return;
        faults += 1;
        if (faults === 1) throw new Error('made up');
      },
    });
    lobby.tryOut({ 'queue.waitSeconds': 30 });
    await film(60);
    expect(remarks).toContain(
      'what is on trial was begun anew, after a fault of the service: Error: made up',
    );
    expect(prompts.map(({ kind }) => kind)).toEqual(['greet']);
    expect(shadowsOf(lines).map(({ prompt }) => prompt)).toContain('ask-queue');
  });
});

function withWait(waitSeconds: number) {
  return {
    ...branch,
    thresholds: { ...branch.thresholds, queue: { ...branch.thresholds.queue, waitSeconds } },
  };
}
