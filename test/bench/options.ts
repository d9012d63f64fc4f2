/** What `--only` names, of what there is. */
export function chosen<Name extends string>(all: readonly Name[], only: string | undefined): readonly Name[] {
  if (only === undefined) return all;
  const names = only.split(',');
  const unknown = names.find((name) => !all.some((one) => one === name));
  if (unknown !== undefined)
    throw new RangeError(`Cannot measure: --only must be of ${all.join(', ')}, current value is ${unknown}`);
  return all.filter((name) => names.includes(name));
}

export function wholeNumber(option: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new RangeError(
    `Cannot measure: --${option} must be a whole number from 1 on, current value is ${value}`,
  );
}
