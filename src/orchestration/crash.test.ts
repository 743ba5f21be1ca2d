import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import {
  criteriaLine,
  endLine,
  judgement,
  planLine,
  type Script,
  setUpOrchestration,
  tagOf,
} from '../../test/set-up-orchestration.ts';
import type { Store } from '../platform/store/store.ts';

const brief = 'Describe a mill and its wheel.';
const lines = [planLine({ id: 't1' }), planLine({ id: 't2', deps: [{ id: 't1', uses: 'all' }] })];

/** Answers depend on the prompt alone, so that an undisturbed run and a killed one are comparable. */
function script(): Script {
  return {
    clarifier: () => '{"questions":[{"question":"Which?","default":"This","why":"so"}]}',
    planner: (prompt) => {
      const soFar = tagOf(prompt, 'plan_so_far');
      const rest = lines.filter((_, index) => !soFar.includes(`"t${index + 1}"`));
      return [...(soFar === '' ? [criteriaLine] : []), ...rest, endLine(2)].join('\n');
    },
    worker: (prompt) => `The wheel turns. ${tagOf(prompt, 'rework') === '' ? '' : 'Mended.'}`,
    judge: (prompt) =>
      tagOf(prompt, 'result').includes('Mended.')
        ? judgement(true)
        : judgement(false, [{ task_id: 't1', criterion: 'c', fix: 'Mend it.' }]),
  };
}

/** A store that dies for its process with the transaction in which its run reaches event `last`. */
function mortal(
  store: Store,
  { last, earlierRuns }: { last: number; earlierRuns: number },
): Store & { dead: Promise<void> } {
  const death = Promise.withResolvers<void>();
  let killed = false;
  const guard = () => {
    if (killed) throw new Error('The process is dead.');
  };
  return {
    ...store,
    dead: death.promise,
    async transaction(scope, work) {
      guard();
      const result = await store.transaction(scope, async (tx) => {
        const value = await work(tx);
        guard();
        return value;
      });
      const [row] = await store.transaction('system', (tx) =>
        tx.query<{ last: number }>(
          `SELECT c.last_event AS last FROM run_counters c JOIN runs r ON r.id = c.run_id
           ORDER BY r.created_at OFFSET $1 LIMIT 1`,
          [earlierRuns],
        ),
      );
      if ((row?.last ?? 0) >= last) {
        killed = true;
        death.resolve();
      }
      guard();
      return result;
    },
    notify(channel, payload) {
      if (!killed) store.notify(channel, payload);
    },
    close: async () => {},
  };
}

/** As if every lease had lapsed and the database had long been up. */
async function lapseLeases(store: Store): Promise<void> {
  await store.transaction('system', async (tx) => {
    await tx.query(`UPDATE tasks SET lease_until = headrace_now() - interval '1 second'
      WHERE status = 'running'`);
    await tx.query(`UPDATE tasks SET assigned_at = headrace_now() - interval '1 hour'
      WHERE status = 'assigned'`);
    await tx.query('DELETE FROM workers');
    await tx.query(`INSERT INTO server_starts (postmaster_started_at, seen_at)
      VALUES (pg_postmaster_start_time(), headrace_now() - interval '1 day')
      ON CONFLICT (postmaster_started_at) DO UPDATE SET seen_at = excluded.seen_at`);
  });
}

test('killed after any of its events, a run is finished by the next process with the same result', async (t) => {
  const undisturbed = await setUpOrchestration(t, script());
  const whole = await undisturbed.until(await undisturbed.accept({ brief }));
  assert.equal(whole.rounds, 2);
  assert.match(whole.result ?? '', /Mended/);
  const events = await undisturbed.events(whole.id);
  // What one transaction recorded is recorded together, so each is killed once, behind its last event.
  const kills = events
    .filter((event, index) => event.at !== events[index + 1]?.at && event.number >= 4)
    .map((event) => event.number)
    .slice(0, -1);
  assert.ok(kills.length >= 25);
  await undisturbed.orchestration.stop();
  const store = await createTestStore(t);
  for (const [earlierRuns, kill] of kills.entries()) {
    await t.test(`after event ${kill}`, async (each) => {
      const victim = mortal(store, { last: kill, earlierRuns });
      const first = await setUpOrchestration(each, script(), { store: victim });
      // The acceptance may be the transaction after which the process dies; it is durable all the same.
      await first.accept({ brief }).catch(() => undefined);
      await victim.dead;
      const [row] = await store.transaction('system', (tx) =>
        tx.query<{ id: string }>('SELECT id FROM runs ORDER BY created_at DESC LIMIT 1'),
      );
      const runId = row?.id ?? '';
      await first.orchestration.stop();
      await lapseLeases(store);
      const second = await setUpOrchestration(each, script(), { store });
      const run = await second.until(runId);
      assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
      assert.equal(run.result, whole.result);
      assert.deepEqual(run.verdict, whole.verdict);
      const summary = run.tasks.map(({ title, kind, status }) => `${kind} ${title} ${status}`);
      assert.deepEqual(
        summary,
        whole.tasks.map(({ title, kind, status }) => `${kind} ${title} ${status}`),
      );
      const numbers = (await second.events(runId)).map((event) => event.number);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
      );
    });
  }
});
