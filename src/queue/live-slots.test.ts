import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assign, assignAndClaim, newTask, seedRun, setDatabaseTime } from '../../test/seed-run.ts';
import { heartbeat, heartbeatTimeoutMs, signOff } from './heartbeat.ts';
import { liveSlots } from './live-slots.ts';

const start = Date.UTC(2026, 0, 1);

test('slots of live workers add up, less what runs and what is announced', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const tasks = Array.from({ length: 3 }, (_, index) => newTask({ key: `t${index}` }));
  await seedRun(store, { tasks });
  const beat = { role: 'worker', freeSlots: 0 } as const;
  await heartbeat({ store }, { ...beat, id: 'wrk_1', slots: { openai: 2, qwen: 1 } });
  await heartbeat({ store }, { ...beat, id: 'wrk_2', slots: { openai: 3 } });
  await heartbeat({ store }, { ...beat, id: 'orc_1', role: 'orchestrator', slots: { openai: 9 } });
  await assign(store, tasks[0]!.id);
  await assignAndClaim(store, tasks[1]!.id, { workerId: 'wrk_1' });
  await assignAndClaim(store, tasks[2]!.id, { workerId: 'wrk_gone' });
  assert.deepEqual(await store.transaction('system', liveSlots), [
    { provider: 'openai', slots: 5, free: 3 },
    { provider: 'qwen', slots: 1, free: 1 },
  ]);
});

test('a worker that went silent or signed off offers nothing', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const worker = { role: 'worker', freeSlots: 1 } as const;
  await heartbeat({ store }, { ...worker, id: 'wrk_1', slots: { openai: 1 } });
  await setDatabaseTime(store, start + heartbeatTimeoutMs);
  await heartbeat({ store }, { ...worker, id: 'wrk_2', slots: { qwen: 1 } });
  const providers = async () =>
    (await store.transaction('system', liveSlots)).map((each) => each.provider);
  assert.deepEqual(await providers(), ['qwen']);
  await signOff({ store }, 'wrk_2');
  assert.deepEqual(await providers(), []);
});
