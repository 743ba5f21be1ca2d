import type { z } from 'zod';
import { closestName } from './closest-name.ts';
import type { ConfigProblem, Path } from './config-problem.ts';
import { knownKeys } from './config-schema.ts';

/** Says what is wrong with `document` at the issue's path; a value below `credentials` is never shown. */
export function describeIssue(issue: z.core.$ZodIssue, document: unknown): ConfigProblem {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') return describeUnknownKey(path, issue.keys[0] ?? '');
  if (issue.code === 'invalid_key') {
    const fix = issue.issues[0]?.message ?? issue.message;
    return { path, wrong: 'is no valid name', fix };
  }
  const wrong = describeValue(valueAt(document, path), isSecret(path));
  return { path, wrong, fix: issue.message };
}

function describeUnknownKey(path: Path, name: string): ConfigProblem {
  const keys = knownKeys(path);
  const closest = closestName(name, keys);
  const advice = closest ? `Did you mean "${closest}"?` : 'Remove it.';
  const fix = `${advice} The keys here are ${keys.join(', ')}.`;
  // Someone may have written the key itself where its name belongs.
  if (isSecret(path)) return { path, wrong: 'has an unknown key', fix };
  return { path: [...path, name], wrong: 'is not a key that is known here', fix };
}

export function isSecret(path: Path): boolean {
  return path.includes('credentials');
}

export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function describeValue(value: unknown, secret: boolean): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is null';
  if (value === '') return 'is empty';
  if (Array.isArray(value)) return value.length === 0 ? 'is an empty list' : 'is a list';
  if (typeof value === 'object') return 'is a mapping';
  if (secret) return 'does not have the right shape';
  if (typeof value !== 'string') return `is ${String(value)}`;
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return `is the text ${JSON.stringify(shown)}`;
}
