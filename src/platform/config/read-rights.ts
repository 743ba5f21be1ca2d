import type { AdminRights } from './config.ts';
import type { ConfigProblem, Path } from './config-problem.ts';
import { adminKeys } from './known-providers.ts';

interface WrittenRights {
  kind?: 'call' | 'admin' | undefined;
  project?: string | undefined;
}

/** What a key is for, as written; `undefined` for one that calls. Adds what is wrong with it to `problems`. */
export function readRights(
  { kind, project }: WrittenRights,
  { provider, path }: { provider: string; path: Path },
  problems: ConfigProblem[],
): AdminRights | undefined {
  const vendor = Object.hasOwn(adminKeys, provider) ? adminKeys[provider] : undefined;
  if (kind !== 'admin') {
    if (project !== undefined) {
      const fix = 'Add kind: admin where the key is an administrator’s, or remove the project.';
      problems.push({ path: [...path, 'project'], wrong: 'belongs to keys of kind admin', fix });
    }
    return undefined;
  }
  if (vendor === undefined) {
    problems.push({
      path: [...path, 'kind'],
      wrong: `is admin, but ${provider} tells nothing to administrators that its other keys are not told`,
      fix: `Leave this key out; only ${Object.keys(adminKeys).join(' and ')} need one.`,
    });
  } else if (vendor.needsProject && project === undefined) {
    problems.push({
      path: [...path, 'project'],
      wrong: 'is missing',
      fix: `Write the project that this account is, such as ${vendor.example}: its limits are asked for.`,
    });
  }
  return { project: project ?? null };
}
