import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalPaths } from './critical-paths.ts';

test('a task is as long as itself and the longest chain of its dependants', () => {
  const task = (id: string, maxTokens: number, deps: string[]) => ({
    id,
    maxTokens,
    dependsOn: deps.map((dep) => ({ id: dep })),
  });
  const lengths = criticalPaths([
    task('a', 1, []),
    task('b', 10, ['a']),
    task('c', 100, ['a']),
    task('d', 1_000, ['b']),
  ]);
  assert.deepEqual(Object.fromEntries(lengths), { a: 1_011, b: 1_010, c: 100, d: 1_000 });
});
