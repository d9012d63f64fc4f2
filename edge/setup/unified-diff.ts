/** Lines around a change that are shown with it. */
const around = 3;
/** Past this many lines a file is compared as a whole: no branch file comes near. */
const mostLines = 4_000;

type Step = ' ' | '-' | '+';

/**
 * The difference of two texts as `diff -u` writes it, without the names of files.
 *
 * The longest common run of lines, by the usual table: a branch file has some hundred lines.
 *
 * @returns the empty text where nothing differs
 */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [linesOf(before), linesOf(after)];
  const steps = stepsBetween(old, now);
  const shown = steps.map((_, index) =>
    steps.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== ' '),
  );
  const out: string[] = [];
  let [line, place] = [1, 1];
  for (let index = 0; index < steps.length; ) {
    if (!shown[index]) {
      line += 1;
      place += 1;
      index += 1;
      continue;
    }
    let end = index;
    while (end < steps.length && shown[end]) end += 1;
    const hunk = steps.slice(index, end);
    const olds = hunk.filter(({ kind }) => kind !== '+').length;
    const news = hunk.filter(({ kind }) => kind !== '-').length;
    out.push(`@@ -${line},${olds} +${place},${news} @@`, ...hunk.map(({ kind, text }) => `${kind}${text}`));
    line += olds;
    place += news;
    index = end;
  }
  return `${out.join('\n')}\n`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function stepsBetween(old: readonly string[], now: readonly string[]): { kind: Step; text: string }[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const keep = (lines: readonly string[]) => lines.map((text) => ({ kind: ' ' as Step, text }));
  return [
    ...keep(old.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...keep(old.slice(old.length - tail)),
  ];
}

function middle(old: readonly string[], now: readonly string[]): { kind: Step; text: string }[] {
  if (old.length > mostLines || now.length > mostLines || old.length * now.length > 4e6) {
    return [
      ...old.map((text) => ({ kind: '-' as Step, text })),
      ...now.map((text) => ({ kind: '+' as Step, text })),
    ];
  }
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const steps: { kind: Step; text: string }[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      steps.push({ kind: ' ', text: old[i]! });
      i += 1;
      j += 1;
    } else if (
      i < old.length &&
      (j === now.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      steps.push({ kind: '-', text: old[i]! });
      i += 1;
    } else {
      steps.push({ kind: '+', text: now[j]! });
      j += 1;
    }
  }
  return steps;
}
