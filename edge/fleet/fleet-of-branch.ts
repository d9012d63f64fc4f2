import { join } from 'node:path';
import type { Branch } from '../../src/contract/branch.ts';
import type { FleetSettings } from '../../src/contract/fleet-settings.ts';
import type { HealthPayload } from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Data } from '../data/open-data.ts';
import { figuresOfBranch } from '../figures/figures-of-branch.ts';
import type { Reports } from '../figures/keep-reports.ts';
import { askHour } from './hour-figures.ts';
import { createFleetTeller, type FleetTeller, type SayToFleet, spreadOf } from './tell-fleet.ts';
import { openToldFile } from './told-file.ts';

/** Tells the fleet of a branch, from its journal and its reports. */
export function fleetOfBranch(of: {
  readonly branch: () => Branch;
  readonly data: Pick<Data, 'folder' | 'journal'>;
  readonly reports: Pick<Reports, 'days' | 'payload'>;
  readonly health: () => HealthPayload;
  readonly settings?: (() => FleetSettings) | undefined;
  readonly version: string;
  readonly say: SayToFleet;
  readonly clock: Clock;
  readonly onRemark: (sentence: string) => void;
}): FleetTeller {
  const { branch, data, reports, version, clock } = of;
  const figures = figuresOfBranch(data.journal, branch, clock);
  return createFleetTeller({
    branch: branch().id,
    version,
    clock,
    keptDays: branch().journal.days,
    spreadSeconds: spreadOf(branch().id),
    told: openToldFile(join(data.folder, 'fleet.json')),
    askHour: (hour) => askHour(figures, hour, version),
    reportDays: reports.days,
    report: reports.payload,
    health: of.health,
    ...(of.settings === undefined ? {} : { settings: of.settings }),
    say: of.say,
    onRemark: of.onRemark,
  });
}
