import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cruise, cruise } from './cruise.ts';

/** With TypeScript 7 dependency-cruiser reads no module at all, and reports no violation. */
export const fewestModules = 10;

/** What is wrong with what was read, one line each; empty where imports go one way. */
export function judgeCruise({ modules, violations }: Cruise): string[] {
  const ours = modules.filter((module) => /^(src|simulator)\//.test(module));
  if (ours.length < fewestModules) {
    return [`Only ${ours.length} modules were read: the rules were not checked.`];
  }
  return violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`);
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const read = await cruise(root, ['src', 'simulator', 'test', 'bench', 'scripts']);
  const faults = judgeCruise(read);
  for (const fault of faults) console.error(fault);
  console.log(`doors: ${read.modules.length} modules read, ${faults.length} violations`);
  if (faults.length > 0) process.exitCode = 1;
}
