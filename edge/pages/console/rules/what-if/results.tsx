import type { StoryFigures, WhatIf } from '../../../../../src/contract/what-if.ts';
import { type Language, promptWords, reasonWords } from '../../words.ts';
import { disagreementOf, isReliable, leastVisits, signed } from './state.ts';
import { say } from './words.ts';

interface Parts {
  readonly result: WhatIf;
  readonly language: Language;
  readonly placeName: (place: string) => string;
}

/** What the answer rests on: hours seen, visits, version, and how far the replay can be relied on. */
export function Basis({ result, language, placeName, version }: Parts & { readonly version: number }) {
  const { agreement, seenHours, openHours, blind, met } = result;
  const missing = openHours - seenHours;
  const percent = disagreementOf(result);
  const why = agreement.cameraMoved
    ? 'becauseMoved'
    : agreement.settingsChanged > 0
      ? 'becauseChanged'
      : 'becauseUnknown';
  return (
    <div class="basis">
      <p>
        <span>
          {say(language, 'seen', { seen: seenHours.toFixed(1), open: openHours.toFixed(1) })}
          {missing >= 0.05 && ` ${say(language, 'unseen', { n: missing.toFixed(1) })}`}
        </span>
        {blind.slice(0, 4).map(({ place, hours }) => (
          <span key={place}>
            {say(language, 'unseenPlace', { place: placeName(place), n: hours.toFixed(1) })}
          </span>
        ))}
        <span>{say(language, 'visits', { n: met.arrivals })}</span>
        <span>{say(language, 'version', { version })}</span>
      </p>
      {isReliable(result) ? (
        <p class="agrees">
          <span aria-hidden="true">●</span>{' '}
          {say(language, 'agrees', { same: agreement.same, said: agreement.said })}
          {agreement.extra > 0 && say(language, 'besides', { n: agreement.extra })}
        </p>
      ) : (
        <p class="note strong" role="alert">
          ▲ {say(language, 'disagrees', { n: Math.round(percent), why: say(language, why) })}
        </p>
      )}
      {isReliable(result) && agreement.settingsChanged > 0 && (
        <p class="second">{say(language, 'changedMeanwhile', { n: agreement.settingsChanged })}</p>
      )}
    </div>
  );
}

/** What changes, in absolute counts first. */
export function Sentence({ result, language, values }: Parts & { readonly values: string }) {
  const { now, draft, differing, became, met } = result;
  const { gone, new: added, moved } = differing;
  if (gone + added + moved === 0) return <p class="sentence">{say(language, 'noDifference')}</p>;
  const apart = Math.abs(draft.prompts - now.prompts);
  const blanks = {
    now: now.prompts,
    draft: draft.prompts,
    n: apart,
    percent: Math.round((apart / Math.max(1, now.prompts)) * 100),
  };
  const how = draft.prompts < now.prompts ? 'fewer' : draft.prompts > now.prompts ? 'more' : 'asMany';
  const reached = [
    became.inTime > 0 && say(language, 'becameInTime', { target: met.targetSeconds, n: became.inTime }),
    became.late > 0 && say(language, 'becameLate', { n: became.late }),
    say(language, 'becameNever', { n: became.never }),
    became.nobody > 0 && say(language, 'becameNobody', { n: became.nobody }),
  ].filter((one) => one !== false);
  return (
    <p class="sentence">
      {say(language, 'with', { values })}
      {say(language, how, blanks)}
      {gone > 0 &&
        `${say(language, 'vanish', { n: gone })}${reached.join(say(language, 'sep'))}${say(language, 'stop')}`}
      {added > 0 && say(language, 'appear', { n: added })}
      {moved > 0 && say(language, 'otherTime', { n: moved })}
    </p>
  );
}

const keptOf = ({ silences }: StoryFigures) =>
  Object.values(silences).reduce<number>((sum, one) => sum + one, 0);

/** Load on the wearer, then service, then silence; no overall score. */
export function Figures({ result, language }: Parts) {
  const { now, draft, met } = result;
  const isFew = met.arrivals < leastVisits;
  const row = (name: Parameters<typeof say>[1], of: (figures: StoryFigures) => number, digits = 0) => (
    <tr key={name}>
      <th scope="row">{say(language, name)}</th>
      <td>{of(now).toFixed(digits)}</td>
      <td>{of(draft).toFixed(digits)}</td>
      <td>{signed(of(draft) - of(now), digits)}</td>
    </tr>
  );
  const shareOf = ({ toldInTime, arrivals }: StoryFigures) =>
    Math.round((toldInTime / Math.max(1, arrivals)) * 100);
  const few = Math.min(now.arrivals, draft.arrivals) < leastVisits;
  const reasons = [...new Set([...Object.keys(now.silences), ...Object.keys(draft.silences)])].sort();
  return (
    <table class="figures-table">
      <thead>
        <tr>
          <th scope="col">{say(language, 'figure')}</th>
          <th scope="col">{say(language, 'now')}</th>
          <th scope="col">{say(language, 'draft')}</th>
          <th scope="col">{say(language, 'difference')}</th>
        </tr>
      </thead>
      <tbody>
        {row('promptsAnHour', ({ promptsAnHour }) => promptsAnHour, 1)}
        {row('buzzesMean', ({ buzzesInTen }) => buzzesInTen.mean, 1)}
        {row('buzzesMost', ({ buzzesInTen }) => buzzesInTen.most)}
        <tr>
          <th scope="row">{say(language, 'toldInTime')}</th>
          {few ? (
            <>
              <td>–</td>
              <td>–</td>
              <td>{say(language, 'tooFew', { n: now.arrivals })}</td>
            </>
          ) : (
            <>
              <td>{shareOf(now).toFixed(0)}%</td>
              <td>{shareOf(draft).toFixed(0)}%</td>
              <td>{signed(shareOf(draft) - shareOf(now))}</td>
            </>
          )}
        </tr>
        {row('toldLate', ({ toldLate }) => toldLate)}
        {row('expired', ({ expired }) => expired)}
        {row('kept', keptOf)}
        {reasons.map((reason) => (
          <tr key={reason} class="reason">
            <th scope="row">{reasonWords[reason as keyof typeof reasonWords][language]}</th>
            <td>{now.silences[reason as keyof typeof now.silences] ?? 0}</td>
            <td>{draft.silences[reason as keyof typeof now.silences] ?? 0}</td>
            <td>
              {signed(
                (draft.silences[reason as keyof typeof now.silences] ?? 0) -
                  (now.silences[reason as keyof typeof now.silences] ?? 0),
              )}
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">{say(language, 'met', { n: met.targetSeconds })}</th>
          <td colSpan={3} class="happened">
            {isFew
              ? `– ${say(language, 'tooFew', { n: met.arrivals })}`
              : say(language, 'ofArrivals', {
                  percent: Math.round((met.within / met.arrivals) * 100),
                  n: met.within,
                  arrivals: met.arrivals,
                })}
            {' · '}
            {say(language, 'neverMet')} {met.never} · {say(language, 'asItHappened')}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

const mostSources = 8;
const barWide = 96;

/** A few sources make most of the load: where, and of what kind. */
export function Sources({ result, language, placeName }: Parts) {
  const sources = result.sources.slice(0, mostSources);
  const most = Math.max(1, ...sources.map(({ now, draft }) => Math.max(now, draft)));
  return (
    <section class="sources" aria-labelledby="sources">
      <h2 id="sources">{say(language, 'sources')}</h2>
      <table>
        <thead class="unseen-by-eyes">
          <tr>
            <th scope="col" colSpan={2}>
              {say(language, 'place')}
            </th>
            <th scope="col">{say(language, 'now')}</th>
            <th scope="col">{say(language, 'draft')}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map(({ place, kind, now, draft }) => (
            <tr key={`${place} ${kind}`}>
              <th scope="row">
                {placeName(place)} · {promptWords[kind][language]}
              </th>
              <td class="bars">
                <svg width={barWide} height={20} aria-hidden="true">
                  <rect class="bar-now" x={0} y={3} width={(now / most) * barWide} height={6} />
                  <rect
                    class="bar-draft"
                    x={0.5}
                    y={11.5}
                    width={Math.max(0, (draft / most) * barWide - 1)}
                    height={6}
                  />
                </svg>
              </td>
              <td>{now}</td>
              <td>→ {draft}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
