import { createHash } from 'node:crypto';
import type { Branch, BranchZone } from '../../src/contract/branch.ts';
import type { ProfileDays } from '../../src/contract/calendar.ts';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import { days as weekdays } from '../../src/contract/hours.ts';
import type { PromptKind } from '../../src/core/prompts/kinds.ts';
import { isEncrypted, withoutLogin } from '../brokers/dial.ts';
import { isThisMachine } from '../cli/reach.ts';

type InBoth = { readonly zh: string; readonly en: string };

/** What the product cannot know: given on the command line, or a blank on the paper. */
export interface Given {
  /** Who answers for the data. */
  readonly controller?: string;
  /** How to reach them. */
  readonly contact?: string;
  /** The person in charge of the protection of personal information, or the data protection officer. */
  readonly officer?: string;
  /** The legal basis, in the words of whoever answers for it. */
  readonly basis?: string;
}

/** Options of `run` that say what leaves the box, and to whom. */
export interface RunChoices {
  readonly host?: string;
  readonly broker?: string;
  readonly homeAssistant?: boolean;
  readonly fleet?: boolean;
  readonly tlsCert?: string;
  readonly tlsClientCa?: string;
  readonly watchPasswordFile?: string;
}

/** What is true of one box by its configuration, and of nothing else. */
export interface Facts {
  readonly branch: string;
  /** Of the branch file as it was read: 16 letters of its SHA-256. */
  readonly fingerprint: string;
  readonly version: string;
  /** `2026-11-24` */
  readonly madeOn: string;
  readonly given: Given;
  readonly cameras: readonly { readonly id: string; readonly hasFloor: boolean }[];
  readonly zones: readonly { readonly name: InBoth; readonly kind: BranchZone['zone']['kind'] }[];
  readonly hours:
    | readonly { readonly day: (typeof weekdays)[number]; readonly spans: readonly string[] }[]
    | undefined;
  /** Whether the console shows people as dots: at the privacy level `counts` it does not. */
  readonly showsDots: boolean;
  readonly heads: boolean;
  /** Kinds of prompt that can come about by the zones there are. */
  readonly prompts: readonly PromptKind[];
  readonly kept: {
    readonly days: number;
    readonly megabytes: number;
    /** Absent: where people stand is not kept. */
    readonly scenes?: { readonly seconds: number; readonly metres: number };
    readonly exportTo?: string;
  };
  readonly broker: { readonly address: string; readonly isEncrypted: boolean } | undefined;
  readonly pages: {
    readonly host: string;
    readonly isThisMachine: boolean;
    readonly isEncrypted: boolean;
    readonly asksForCertificates: boolean;
    readonly watchesLogIn: boolean;
  };
  /** Hosts prompts are posted to. */
  readonly webhooks: readonly {
    readonly host: string;
    readonly isEncrypted: boolean;
    readonly kinds?: readonly string[];
    readonly roles?: readonly string[];
  }[];
  readonly homeAssistant: boolean;
  /** Whether counts go to the bank's fleet. */
  readonly fleet: boolean;
  readonly thresholds: readonly {
    readonly title: InBoth;
    readonly value: number;
    readonly unit: InBoth;
    readonly path: string;
  }[];
  readonly profiles: readonly {
    readonly name: InBoth;
    readonly days: ProfileDays;
    readonly changes: readonly { readonly title: InBoth; readonly value: number; readonly unit: InBoth }[];
  }[];
}

export interface FactsOptions {
  readonly branch: Branch;
  /** The branch file as it was read. */
  readonly text: string;
  readonly choices: RunChoices;
  readonly given: Given;
  readonly version: string;
  readonly today: string;
}

/** Reads from a configuration what its papers say. Logins and addresses of cameras are none of it. */
export function factsOf({ branch, text, choices, given, version, today }: FactsOptions): Facts {
  const { host = '127.0.0.1', broker } = choices;
  const { days, megabytes, sceneSeconds, sceneMetres, exportTo } = branch.journal;
  const settings = describeSettings();
  const valueIn = (values: object, path: string): number | undefined => {
    const [group, key] = path.split('.') as [string, string];
    return (values as Record<string, Record<string, number | undefined> | undefined>)[group]?.[key];
  };
  const told = (values: object) =>
    settings.flatMap(({ path, title, unit }) => {
      const value = valueIn(values, path);
      return value === undefined ? [] : [{ path, title, value, unit: unit.mark }];
    });
  return {
    branch: branch.id,
    fingerprint: createHash('sha256').update(text).digest('hex').slice(0, 16),
    version,
    madeOn: today,
    given,
    cameras: branch.cameras.map(({ id, floor }) => ({ id, hasFloor: floor !== undefined })),
    showsDots: branch.privacy.level !== 'counts',
    zones: branch.zones.map(({ zone, name }) => ({ name, kind: zone.kind })),
    hours:
      branch.hours === undefined
        ? undefined
        : weekdays.map((day) => ({ day, spans: branch.hours![day] ?? [] })),
    heads: branch.heads,
    prompts: promptsOf(branch),
    kept: {
      days,
      megabytes,
      ...(sceneSeconds === 0 || branch.privacy.level === 'counts'
        ? {}
        : { scenes: { seconds: sceneSeconds, metres: sceneMetres } }),
      ...(exportTo === undefined ? {} : { exportTo }),
    },
    broker:
      broker === undefined ? undefined : { address: withoutLogin(broker), isEncrypted: isEncrypted(broker) },
    pages: {
      host,
      isThisMachine: isThisMachine(host),
      isEncrypted: choices.tlsCert !== undefined,
      asksForCertificates: choices.tlsClientCa !== undefined,
      watchesLogIn: choices.watchPasswordFile !== undefined,
    },
    webhooks: branch.webhooks.map(({ url, kinds, roles }) => {
      const { host: to, protocol } = new URL(url);
      return {
        host: to,
        isEncrypted: protocol === 'https:',
        ...(kinds === undefined ? {} : { kinds }),
        ...(roles === undefined ? {} : { roles }),
      };
    }),
    homeAssistant: choices.homeAssistant === true || branch.homeAssistant,
    fleet: choices.fleet === true,
    thresholds: told(branch.thresholds),
    profiles: branch.profiles.map(({ id, name, days, thresholds }) => ({
      name: name ?? { zh: id, en: id },
      days,
      changes: told(thresholds),
    })),
  };
}

/** A prompt needs its zones, and some need staff to be told from customers, which takes a staff zone. */
function promptsOf({ zones, cameras }: Branch): readonly PromptKind[] {
  const kinds = new Set(zones.map(({ zone }) => zone.kind));
  const hasFloor = cameras.some(({ floor }) => floor !== undefined);
  const queues = zones.filter(({ zone }) => zone.kind === 'queue').length;
  const can: Readonly<Record<PromptKind, boolean>> = {
    greet: kinds.has('entrance'),
    approach: hasFloor,
    'ask-queue': kinds.has('queue'),
    divert: kinds.has('queue') && (kinds.has('service') || queues > 1),
    patrol: kinds.has('staff'),
    attend: kinds.has('staff'),
    support: true,
    'see-off': kinds.has('vip'),
    'check-machine': kinds.has('service'),
  };
  return (Object.keys(can) as PromptKind[]).filter((kind) => can[kind]);
}
