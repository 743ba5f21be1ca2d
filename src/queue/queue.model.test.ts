import test from 'node:test';
import fc from 'fast-check';
import { createTestStore } from '../../test/database.ts';
import { act, assignOne, deliver, sweepAll } from '../../test/queue-model/act.ts';
import { checkAgainstModel, checkPromises } from '../../test/queue-model/check-world.ts';
import { actions, unclaimedMs } from '../../test/queue-model/draw-actions.ts';
import { createWorld, type World } from '../../test/queue-model/model-world.ts';
import { writeAsClaim } from '../../test/queue-model/write-as-claim.ts';
import { setDatabaseTime } from '../../test/seed-run.ts';
import { leaseMs } from './queue-deps.ts';
import { sweep } from './sweep.ts';

test('whatever happens in whatever order, every task ends once, with one answer, and every attempt is settled once', async (t) => {
  const store = await createTestStore(t);
  await store.transaction('system', async (tx) => {
    await tx.query(
      `INSERT INTO server_starts (postmaster_started_at) VALUES (pg_postmaster_start_time()) ON CONFLICT DO NOTHING`,
    );
    await tx.query(`UPDATE server_starts SET seen_at = '2000-01-01'`);
  });
  let now = Date.UTC(2026, 0, 1);
  await fc.assert(
    fc.asyncProperty(actions, async (script) => {
      const world = await createWorld(store, now);
      for (const action of script) await act(world, action);
      await checkAgainstModel(world);
      await finish(world);
      await checkPromises(world);
      now = world.now + 1;
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

/** Every worker of before is lost; a new one answers all that is left. */
async function finish(world: World): Promise<void> {
  world.now += 2 * leaseMs + unclaimedMs;
  await setDatabaseTime(world.store, world.now);
  await sweepAll(world);
  for (const [index, task] of world.tasks.entries()) {
    if (task.status !== 'ready') continue;
    await assignOne(world, index);
    await deliver(world, 0, 9);
    await writeAsClaim(world, { do: 'record', claim: 0 });
  }
  // What was cancelled or answered while its attempt was open has had its lease by now.
  await sweep({ store: world.store });
}
