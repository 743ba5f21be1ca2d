import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a provider's folder differs by from the others of its kind, one line each. */
export function compareFolders(folders: Record<string, readonly string[]>): string[] {
  const lists = Object.values(folders);
  // The shape is what most have: one vendor that lacks a file is named, not the five that have it.
  const shape = [...new Set(lists.flat())].filter(
    (file) => lists.filter((list) => list.includes(file)).length * 2 > lists.length,
  );
  return Object.entries(folders).flatMap(([folder, files]) => [
    ...shape.filter((file) => !files.includes(file)).map((file) => `${folder} lacks ${file}`),
    ...files.filter((file) => !shape.includes(file)).map((file) => `${folder} alone has ${file}`),
  ]);
}

/** The middle and the longest of files' lengths in lines. */
export function measureLengths(lengths: Record<string, number>): {
  median: number;
  longest: string;
} {
  const sorted = Object.entries(lengths).sort(([, left], [, right]) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)]?.[1] ?? 0;
  return { median, longest: sorted.at(-1)?.join(' ') ?? 'none' };
}

/** What every vendor's folder holds; `models` is a catalogue, not a vendor. */
function readVendors(root: string): Record<string, string[]> {
  const providers = join(root, 'src', 'providers');
  const folders = readdirSync(providers, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return Object.fromEntries(
    folders
      .filter(({ name }) => name !== 'models')
      .map(({ name }) => [
        name,
        readdirSync(join(providers, name)).filter((file) => !file.endsWith('.test.ts')),
      ]),
  );
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const vendors = readVendors(root);
  const faults = compareFolders(vendors);
  if (Object.keys(vendors).length < 5) faults.push('src/providers/ has fewer than five vendors');
  const files = globSync('{src,simulator}/**/*.ts', { cwd: root });
  const lengths = files
    .filter((file) => !/\.(test|contract)\.ts$/.test(file))
    .map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length - 1] as const);
  const { median, longest } = measureLengths(Object.fromEntries(lengths));
  for (const fault of faults) console.error(fault);
  console.log(`shape: ${lengths.length} files, median ${median} lines, longest ${longest}`);
  // The limit of a single file is the style guard's; the median shows the drift that no file shows.
  if (median > 100)
    console.error(`The median file has ${median} lines; 100 is the aim: split by verb.`);
  if (faults.length > 0 || median > 100) process.exitCode = 1;
}
