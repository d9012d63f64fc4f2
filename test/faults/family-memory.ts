import { readdirSync, readFileSync } from 'node:fs';

/** What a process and everything it began hold in memory together, in bytes; 0 where the system does not tell. */
export function familyRss(root: number): number {
  const parents = new Map<number, number>();
  for (const name of numbersIn('/proc')) {
    const parent = /^PPid:\t(\d+)$/m.exec(statusOf(name))?.[1];
    if (parent !== undefined) parents.set(name, Number(parent));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)));
  const family = [...parents.keys()].filter(isOurs);
  return family.reduce(
    (sum, pid) => sum + Number(/^VmRSS:\s+(\d+) kB$/m.exec(statusOf(pid))?.[1] ?? 0) * 1024,
    0,
  );
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}
