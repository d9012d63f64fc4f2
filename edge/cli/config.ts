import { createInForce } from '../../src/service/in-force.ts';
import { systemClock } from '../system-clock.ts';
import { checkBranchMode, readBranch } from './files.ts';

/** Reads a branch file and says what it means, or what is wrong with it. */
export async function checkConfig(file: string): Promise<void> {
  const branch = await readBranch(file);
  console.log(`${file} is a branch file: ${branch.id}`);
  for (const { id, floor, framesPerSecond } of branch.cameras) {
    const fit =
      floor === undefined
        ? 'no floor points'
        : `floor fits within ${(floor.errorMetres * 100).toFixed(1)} cm on average, ${(floor.worst.errorMetres * 100).toFixed(1)} cm at most`;
    // The source may bear a login: it is not shown.
    console.log(`  camera ${id}: ${framesPerSecond} frames a second, ${fit}`);
  }
  for (const { zone, name } of branch.zones) {
    console.log(`  zone ${zone.id}: ${zone.kind}, on the wrist ${name.zh} / ${name.en}`);
  }
  for (const [group, values] of Object.entries(branch.thresholds)) {
    for (const [key, value] of Object.entries(values)) console.log(`  ${group}.${key}: ${value}`);
  }
  for (const { id, name, days, thresholds } of branch.profiles) {
    const called = name === undefined ? '' : `, ${name.zh} / ${name.en}`;
    const { weekdays = [], ofMonth = [], dates = [] } = days;
    const each = ofMonth.length === 0 ? [] : [`day ${ofMonth.join(', ')} of the month`];
    console.log(`  profile ${id}${called}: ${[...weekdays, ...each, ...dates].join(', ')}`);
    for (const [group, values] of Object.entries(thresholds)) {
      for (const [key, value] of Object.entries(values ?? {})) console.log(`    ${group}.${key}: ${value}`);
    }
  }
  if (branch.profiles.length > 0) {
    const { day, profile } = createInForce(branch)(systemClock.now());
    console.log(
      `  today, ${day}: ${profile === undefined ? 'no profile, the base' : `profile ${profile.id}`}`,
    );
  }
  checkBranchMode(file, branch, (remark) => console.log(`▲ ${remark}`));
  for (const remark of branch.remarks) console.log(`▲ ${remark}`);
}
