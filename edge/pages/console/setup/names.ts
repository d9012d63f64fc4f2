import type { ZoneKind } from '../../../../src/core/floor/zones.ts';
import type { Language } from '../words.ts';
import type { Draft, Step, ZoneDraft } from './state.ts';
import { cameraOf, zoneOf } from './state.ts';
import { type SetupWord, say } from './words.ts';

const capital = (kind: string) => kind.replace(/^./, (letter) => letter.toUpperCase());
export const kindWord = (kind: ZoneKind) => `kind${capital(kind)}` as SetupWord;
const usualWord = (kind: ZoneKind) => `usual${capital(kind)}` as SetupWord;

/** What a kind of zone is called unless the branch names it. */
export const usualName = (kind: ZoneKind, language: Language): string => say(language, usualWord(kind));

/** What a zone is called. */
export const nameOf = (zone: ZoneDraft, language: Language): string =>
  zone.name?.[language] || usualName(zone.kind, language);

/** What a step did, in words: "move corner of Cash". */
export function stepName({ deed, about, draft: before }: Step, draft: Draft, language: Language): string {
  const zone = zoneOf(draft, about) ?? zoneOf(before, about);
  const name = zone === undefined ? (cameraOf(draft, about)?.id ?? about) : nameOf(zone, language);
  return say(language, deed, { name });
}

const minus = '\u2212';
/** A coordinate as it is read: a true minus, metres to a centimetre, pixels to a tenth. */
export const coordinate = (value: number, isFloor: boolean): string =>
  value.toFixed(isFloor ? 2 : 1).replace('-', minus);

/** A typed coordinate: a true minus, a comma and spaces are taken for what they are. */
export function readCoordinate(text: string): number | undefined {
  const plain = text.trim().replaceAll(minus, '-').replaceAll('−', '-').replace(',', '.');
  const value = Number(plain);
  return plain === '' || !Number.isFinite(value) ? undefined : value;
}

/** A length on the floor: centimetres below a metre, else metres. */
export function length(metres: number, language: Language): string {
  if (!Number.isFinite(metres)) return '–';
  return metres < 0.995
    ? say(language, 'cm', { t: metres < 0.0095 ? (metres * 100).toFixed(1) : Math.round(metres * 100) })
    : say(language, 'm', { t: metres.toFixed(2) });
}
