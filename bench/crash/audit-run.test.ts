import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tx } from '../../src/platform/store/store.ts';
import { createTestStore } from '../../test/database.ts';
import { newTask, seedRun } from '../../test/seed-run.ts';
import { type Audit, readAudit } from './audit-run.ts';

const killedAt = new Date('2026-01-01T00:00:10Z');
const at = (second: number) => `'2026-01-01T00:00:${String(second).padStart(2, '0')}Z'`;

interface Seeded {
  runId: string;
  tasks: [string, string];
}

/** A run of two tasks that ended well; the second one's first call was cut by the kill. */
async function endRun(tx: Tx, { runId, tasks: [one, two] }: Seeded): Promise<void> {
  await tx.query(`UPDATE runs SET status = 'succeeded' WHERE id = $1`, [runId]);
  await tx.query(
    `UPDATE tasks SET status = 'succeeded', finished_at = CASE id WHEN $2 THEN timestamptz ${at(5)} ELSE ${at(20)} END
     WHERE run_id = $1`,
    [runId, one],
  );
  const attempt = (id: string, task: string, [outcome, second]: readonly [string, number]) =>
    tx.query(
      `INSERT INTO attempts (id, tenant_id, run_id, task_id, number, provider, model, account_id, credential_id,
         simulated, outcome, reserved_input_tokens, reserved_output_tokens, input_tokens, output_tokens,
         cost_nano_usd, started_at)
       VALUES ($1, 'default', $2, $3, 1, 'p', 'm', 'a', 'k', true, $4, 10, 10, 10, 10, 7, ${at(second)})`,
      [id, runId, task, outcome],
    );
  await attempt('att_1', one, ['succeeded', 1]);
  await attempt('att_2', two, ['unknown', 6]);
  await attempt('att_3', two, ['succeeded', 15]);
  await tx.query('UPDATE budgets SET spent_nano_usd = 21, spent_tokens = 60 WHERE run_id = $1', [
    runId,
  ]);
  await tx.query('UPDATE run_counters SET last_event = 3 WHERE run_id = $1', [runId]);
  for (const [number, task, second] of [
    [1, one, 5],
    [2, null, 9],
    [3, two, 20],
  ] as const) {
    await tx.query(
      `INSERT INTO run_events (run_id, number, tenant_id, at, type, task_id)
       VALUES ($1, $2, 'default', ${at(second)}, $3, $4)`,
      [runId, number, task ? 'answer.collected' : 'run.updated', task],
    );
  }
}

const damages: [string, string, Partial<Audit>][] = [
  ['nothing', 'SELECT $1', {}],
  [
    'a run that did not end well',
    `UPDATE runs SET status = 'running' WHERE id = $1`,
    { status: 'running' },
  ],
  [
    'a task that never ended',
    `UPDATE tasks SET status = 'ready' WHERE run_id = $1 AND key = 't2'`,
    { open: 1, done: ['t1'] },
  ],
  [
    'an answer that was accepted twice',
    `UPDATE run_events SET type = 'answer.collected', task_id = (SELECT id FROM tasks WHERE run_id = $1 AND key = 't1') WHERE number = 2`,
    { completedTwice: 1 },
  ],
  [
    'a budget that forgot a call',
    'UPDATE budgets SET spent_tokens = 40 WHERE run_id = $1',
    { ledgerGap: 20 },
  ],
  [
    'a reservation that stays',
    'UPDATE budgets SET reserved_nano_usd = 3 WHERE run_id = $1',
    { ledgerGap: 3 },
  ],
  [
    'an attempt that nobody settled',
    `UPDATE attempts SET outcome = NULL WHERE id = 'att_2' AND run_id = $1`,
    { unsettled: 1, paidTwice: 0 },
  ],
  [
    'a call repeated that was not in flight',
    `UPDATE attempts SET task_id = (SELECT id FROM tasks WHERE run_id = $1 AND key = 't1')`,
    { paidTwice: 2, inFlight: 0 },
  ],
  [
    'a gap in the numbers',
    'DELETE FROM run_events WHERE run_id = $1 AND number = 2',
    { eventGaps: 1, slippedBy: 0 },
  ],
];

for (const [name, damage, seen] of damages) {
  test(`the audit sees ${name}`, async (t) => {
    const store = await createTestStore(t);
    const tasks = ['t1', 't2'].map((key) => newTask({ key }));
    const { runId } = await seedRun(store, { tasks });
    const audit = await store.transaction('system', async (tx) => {
      await endRun(tx, { runId, tasks: [tasks[0]?.id ?? '', tasks[1]?.id ?? ''] });
      await tx.query(damage, [runId]);
      return readAudit((text, values) => tx.query(text, values), { runId, at: killedAt, event: 1 });
    });
    const well: Audit = {
      status: 'succeeded',
      done: ['t1', 't2'],
      ...{ open: 0, completedTwice: 0, ledgerGap: 0, unsettled: 0, attempts: 3 },
      ...{ inFlight: 1, paidTwice: 1, eventGaps: 0, slippedBy: 1 },
    };
    assert.deepEqual(audit, { ...well, ...seen });
  });
}
