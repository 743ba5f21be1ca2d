import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { abandonedMs, withLock } from './with-lock.mjs';

function lockPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'lock');
}

test('of those that come together one works at a time, and each works in the end', async (t) => {
  const path = lockPath(t);
  let working = 0;
  let waited = 0;
  const work = async () => {
    working += 1;
    await turn();
    assert.equal(working, 1);
    working -= 1;
    return 'done';
  };
  const onWait = () => {
    waited += 1;
  };
  const results = await Promise.all([1, 2, 3].map(() => withLock(path, { work, onWait })));
  assert.deepEqual(results, ['done', 'done', 'done']);
  assert.equal(waited, 2);
  assert.ok(!existsSync(path));
});

test('work that fails gives the lock back', async (t) => {
  const path = lockPath(t);
  const fails = withLock(path, {
    work: () => Promise.reject(new Error('full')),
    onWait: assert.fail,
  });
  await assert.rejects(fails, /full/);
  assert.ok(!existsSync(path));
});

test('a lock that a crash left behind is taken over', async (t) => {
  const path = lockPath(t);
  mkdirSync(path);
  const longAgo = new Date(Date.now() - abandonedMs - 1_000);
  utimesSync(path, longAgo, longAgo);
  assert.equal(await withLock(path, { work: async () => 'mine', onWait: assert.fail }), 'mine');
});
