import assert from 'node:assert/strict';
import test from 'node:test';
import { HeadraceError } from './errors/headrace-error.ts';
import { groupCalls } from './group-calls.ts';

/** Groups as they were begun; each ends when it is told to. */
function scripted(answer: (item: number) => number = (item) => item * 10) {
  const groups: { key: string; items: readonly number[]; end: () => void }[] = [];
  const call = groupCalls<number, number>(
    async (key, items) => {
      await new Promise<void>((end) => groups.push({ key, items, end }));
      return items.map(answer);
    },
    { limit: 3 },
  );
  const begun = async (count: number) => {
    while (groups.length < count) await new Promise((resolve) => setImmediate(resolve));
    return groups[count - 1]!;
  };
  return { call, begun, groups };
}

test('calls of one turn are one group, those that come meanwhile the next, none above the limit', async () => {
  const { call, begun, groups } = scripted();
  const early = [1, 2].map((item) => call('run', item));
  const first = await begun(1);
  const late = [3, 4, 5, 6].map((item) => call('run', item));
  first.end();
  (await begun(2)).end();
  (await begun(3)).end();
  assert.deepEqual(await Promise.all([...early, ...late]), [10, 20, 30, 40, 50, 60]);
  assert.deepEqual(
    groups.map(({ items }) => items),
    [[1, 2], [3, 4, 5], [6]],
  );
});

test('keys do not wait for each other, and a key that was served is served again', async () => {
  const { call, begun } = scripted();
  const slow = call('a', 1);
  const other = call('b', 2);
  await begun(1);
  (await begun(2)).end();
  assert.equal(await other, 20);
  (await begun(1)).end();
  assert.equal(await slow, 10);
  const again = call('a', 3);
  (await begun(3)).end();
  assert.equal(await again, 30);
});

test('one refused call of a group is refused alone', async () => {
  const { call, begun } = scripted((item) => {
    if (item === 2) throw new HeadraceError('conflict');
    return item;
  });
  const calls = Promise.allSettled([1, 2, 3].map((item) => call('run', item)));
  for (let group = 1; group <= 4; group += 1) (await begun(group)).end();
  assert.deepEqual(
    (await calls).map((call) => (call.status === 'fulfilled' ? call.value : call.reason.code)),
    [1, 'conflict', 3],
  );
});

test('a store that is away refuses the whole group at once', async () => {
  const { call, begun, groups } = scripted(() => {
    throw new HeadraceError('store_unavailable');
  });
  const calls = Promise.allSettled([1, 2, 3].map((item) => call('run', item)));
  (await begun(1)).end();
  for (const outcome of await calls) assert.equal(outcome.status, 'rejected');
  assert.equal(groups.length, 1);
});
