import { Client } from 'pg';
import { z } from 'zod';
import { readPostmasterFile, serverUrl } from '../../src/platform/store/embedded/reach-server.ts';

/** What the database says of a run that was killed once and has ended since. */
export interface Audit {
  status: string;
  /** Keys of the tasks with an accepted output, in the order of the plan. */
  done: string[];
  /** Tasks that ended neither well nor by being superseded or cancelled. */
  open: number;
  /** Tasks whose answer was accepted more than once, and keys with two outputs that both count. */
  completedTwice: number;
  /** Ledger and attempts differ by this much: nano-USD plus tokens, and what is still reserved. */
  ledgerGap: number;
  /** Attempts without an outcome. */
  unsettled: number;
  attempts: number;
  /** Tasks whose call had begun and whose answer was not recorded when the process was killed. */
  inFlight: number;
  /** Attempts beyond the first of a task that may have been billed. */
  paidTwice: number;
  /** Numbers missing between 1 and the last event, or after the counter. */
  eventGaps: number;
  /** Events that were committed after the one at which the kill was aimed and before it struck. */
  slippedBy: number;
}

const row = z.object({
  status: z.string(),
  done: z.array(z.string()),
  open: z.number(),
  completed_twice: z.number(),
  ledger_gap: z.number(),
  unsettled: z.number(),
  attempts: z.number(),
  in_flight: z.number(),
  paid_twice: z.number(),
  event_gaps: z.number(),
  slipped_by: z.number(),
});

const sql = `
WITH t AS (SELECT * FROM headrace.tasks WHERE run_id = $1),
  a AS (SELECT * FROM headrace.attempts WHERE run_id = $1),
  e AS (SELECT * FROM headrace.run_events WHERE run_id = $1)
SELECT r.status,
  (SELECT coalesce(json_agg(key ORDER BY key), '[]') FROM t WHERE status = 'succeeded') AS done,
  (SELECT count(*)::int FROM t WHERE status NOT IN ('succeeded', 'superseded', 'cancelled')) AS open,
  (SELECT count(*)::int FROM (SELECT 1 FROM e WHERE type = 'answer.collected'
     GROUP BY task_id HAVING count(*) > 1) twice)
  + (SELECT count(*)::int FROM (SELECT 1 FROM t WHERE status = 'succeeded' AND kind NOT IN ('merge', 'judge', 'panel')
     GROUP BY key, kind HAVING count(*) > 1) twice) AS completed_twice,
  (SELECT (abs(b.spent_nano_usd - (SELECT coalesce(sum(cost_nano_usd), 0) FROM a))
     + abs(b.spent_tokens - (SELECT coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)), 0) FROM a))
     + abs(b.reserved_nano_usd) + abs(b.reserved_tokens))::float8
     FROM headrace.budgets b WHERE b.run_id = $1) AS ledger_gap,
  (SELECT count(*)::int FROM a WHERE outcome IS NULL) AS unsettled,
  (SELECT count(*)::int FROM a) AS attempts,
  (SELECT count(DISTINCT t.id)::int FROM a JOIN t ON t.id = a.task_id
     WHERE a.started_at <= $2 AND (t.finished_at IS NULL OR t.finished_at > $2)) AS in_flight,
  (SELECT coalesce(sum(n - 1), 0)::int FROM (SELECT count(*) AS n FROM a
     WHERE outcome IN ('succeeded', 'unknown', 'cancelled') GROUP BY task_id) paid) AS paid_twice,
  (SELECT (coalesce(max(number), 0) - count(*) + abs(c.last_event - coalesce(max(number), 0)))::int FROM e) AS event_gaps,
  (SELECT greatest(0, count(*) - $3::int)::int FROM e WHERE at <= $2) AS slipped_by
FROM headrace.runs r JOIN headrace.run_counters c ON c.run_id = r.id WHERE r.id = $1`;

/** The run that was killed, when, and the number of the event at which the kill was aimed. */
export interface AuditedKill {
  runId: string;
  at: Date;
  event: number;
}

/** Looks past Headrace into its database: what is promised is checked where it is stored. */
export async function auditRun(databaseDir: string, kill: AuditedKill): Promise<Audit> {
  const postmaster = await readPostmasterFile(databaseDir);
  if (!postmaster) throw new Error(`No database runs in ${databaseDir}.`);
  const client = new Client(serverUrl(postmaster.socketDirectory));
  await client.connect();
  try {
    return await readAudit(async (text, values) => (await client.query(text, values)).rows, kill);
  } finally {
    await client.end();
  }
}

export async function readAudit(
  query: (text: string, values: unknown[]) => Promise<unknown[]>,
  kill: AuditedKill,
): Promise<Audit> {
  const [first] = await query(sql, [kill.runId, kill.at, kill.event]);
  const found = row.parse(first);
  const { status, done, open, unsettled, attempts } = found;
  return {
    ...{ status, done, open, unsettled, attempts },
    completedTwice: found.completed_twice,
    ledgerGap: found.ledger_gap,
    inFlight: found.in_flight,
    paidTwice: found.paid_twice,
    eventGaps: found.event_gaps,
    slippedBy: found.slipped_by,
  };
}
