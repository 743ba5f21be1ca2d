import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../test/fake-dispatch.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import type { ModelDirectory, Pool } from './model-directory.ts';
import { orderModels } from './order-models.ts';

/** Pools of one account each, named like their model. */
function setUp(models: Record<string, object>) {
  const clock = createManualClock();
  const pools = new Map(
    Object.entries(models).map(([id, given]) => {
      const candidates = [{ accountId: id, modelClass: '*' }];
      return [id, { info: modelInfo(id, given), candidates } as unknown as Pool];
    }),
  );
  const directory = () => ({ find: (id) => pools.get(id) ?? null }) as ModelDirectory;
  const parts = {
    clock,
    directory,
    reached: new Set<string>(),
    missedAt: new Map<string, number>(),
  };
  const request = { messages: [{ role: 'user' as const, content: 'x' }], maxOutputTokens: 100 };
  const ask = (names: string[], standIns: string[] = [], size = 1) => {
    const messages = [{ role: 'user' as const, content: 'x'.repeat(size) }];
    return orderModels(parts, { models: names, standIns, request: { ...request, messages } });
  };
  const names = (...given: Parameters<typeof ask>) => ask(...given).map(({ name }) => name);
  const miss = (...ids: string[]) => {
    for (const id of ids) parts.missedAt.set(id, clock.now());
  };
  return { ...parts, ask, names, miss };
}

test('a host that was missed is left alone for half a minute, while others may answer', async () => {
  const { names, miss, clock } = setUp({ 'a/1': {}, 'b/1': {} });
  assert.deepEqual(names(['a/1', 'b/1']), ['a/1', 'b/1']);
  miss('a/1');
  assert.deepEqual(names(['a/1', 'b/1']), ['b/1']);
  assert.deepEqual(names(['a/1']), ['a/1'], 'where it is the only one, somebody looks again');
  await clock.advance(30_000);
  assert.deepEqual(names(['a/1', 'b/1']), ['a/1', 'b/1']);
});

test('one that ever answered is never left alone', () => {
  const { names, miss, reached } = setUp({ 'a/1': {}, 'b/1': {} });
  reached.add('a/1');
  miss('a/1');
  assert.deepEqual(names(['a/1', 'b/1']), ['a/1', 'b/1']);
});

test('stand-ins come behind the others, where the request fits their window', () => {
  const { ask, names, miss } = setUp({ 'a/1': {}, 'b/1': { contextTokens: 1_000 }, 'c/1': {} });
  assert.deepEqual(names(['a/1'], ['b/1', 'c/1', 'a/1', 'gone/1']), ['a/1', 'b/1', 'c/1']);
  assert.deepEqual(names(['a/1'], ['b/1', 'c/1'], 3_000), ['a/1', 'c/1']);
  const asked = ask(['a/1'], ['c/1']);
  assert.deepEqual(
    asked.map(({ isStandIn, isLast }) => [isStandIn, isLast]),
    [
      [false, true],
      [true, true],
    ],
  );
  miss('a/1');
  assert.deepEqual(names(['a/1'], ['c/1']), ['c/1'], 'and alone, where no other is reached');
});
