import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Figure {
  name: string;
  goal: string;
  measured: string;
  met: boolean;
}

/** Prints a table and keeps it in `bench/results/` with the machine, the date and the commit. */
export function report(
  name: string,
  figures: readonly Figure[],
  notes: readonly string[] = [],
): void {
  const processors = cpus();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim();
  const text = [
    `# ${name}`,
    '',
    `${new Date().toISOString().slice(0, 10)} · ${processors.length} × ${processors[0]?.model.trim()} · ${Math.round(totalmem() / 2 ** 30)} GiB · Node ${process.version} · commit ${commit}`,
    '',
    '| figure | goal | measured | |',
    '|---|---|---|---|',
    ...figures.map(
      ({ name: figure, goal, measured, met }) =>
        `| ${figure} | ${goal} | ${measured} | ${met ? 'met' : '**not met**'} |`,
    ),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n');
  console.log(text);
  writeFileSync(join(import.meta.dirname, 'results', `${name}.md`), text);
}

/** `minimum / median / maximum`. */
export function spread(values: readonly number[], unit: string): { text: string; median: number } {
  const sorted = [...values].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const show = (value: number | undefined) =>
    (value ?? Number.NaN).toFixed(value !== undefined && value < 100 ? 1 : 0);
  return { text: `${show(sorted[0])} / ${show(median)} / ${show(sorted.at(-1))} ${unit}`, median };
}
