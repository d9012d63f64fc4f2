import { z } from 'zod';
import { type InBoth, type Setting, settingUnits, thresholdsSchema } from './thresholds.ts';

/** A setting as a form needs it: all that its declaration says, and nothing written twice. */
export interface SettingDescription extends Omit<Setting, 'unit'> {
  /** `queue.waitSeconds`. */
  readonly path: string;
  /** `queue`, and what the group is called. */
  readonly group: { readonly id: string } & InBoth;
  readonly unit: InBoth & { readonly mark: InBoth };
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly default: number;
}

interface JsonSchema {
  readonly type?: string;
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly group?: InBoth;
  readonly setting?: Setting;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/**
 * Every threshold, in the order of its declaration.
 *
 * @example
 * ```ts
 * describeSettings()[0].path; // 'wandering.afterSeconds'
 * ```
 */
export function describeSettings(): readonly SettingDescription[] {
  const schema = z.toJSONSchema(thresholdsSchema, { io: 'input' }) as JsonSchema;
  return Object.entries(schema.properties!).flatMap(([id, { group, properties }]) =>
    Object.entries(properties!).map(([key, one]): SettingDescription => {
      const { unit, ...words } = one.setting!;
      return {
        path: `${id}.${key}`,
        group: { id, ...group! },
        ...words,
        unit: settingUnits[unit],
        least: one.minimum!,
        most: one.maximum!,
        whole: one.type === 'integer',
        default: one.default!,
      };
    }),
  );
}
