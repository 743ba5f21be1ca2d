import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assignAndClaim, newTask, openAttempt, seedRun } from '../../test/seed-run.ts';
import { disownClaims } from './disown-claims.ts';
import { readTask } from './read-tasks.ts';
import { recordAnswer } from './record-answers.ts';
import { sweep } from './sweep.ts';

const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };

test('who takes over a store alone brings the tasks of the dead back at once, even after a restart of the database', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await openAttempt(store, claim);
  assert.equal((await sweep({ store })).lapsed, 0, 'a living lease is left alone');
  assert.equal(await disownClaims({ store }), 1);
  const swept = await sweep({ store });
  assert.deepEqual([swept.lapsed, swept.attempts], [1, 1]);
  const ready = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(ready?.status, 'ready');
  const late = await recordAnswer({ store }, claim, { output: 'too late', meta });
  assert.equal(late.accepted, false, 'a ghost that was only slow can change nothing');
});
