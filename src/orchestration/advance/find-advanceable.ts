import type { Tx } from '../../platform/store/store.ts';
import { nextLimit, type Waiting } from '../machine/next-limit.ts';
import { earliestLimitMs, standStill } from '../machine/time-limits.ts';

interface TimedRow {
  id: string;
  status: Waiting['status'];
  settings: Waiting['settings'];
  rounds: number;
  answers_due_at: Date | null;
  deadline_at: Date | null;
  now: Date;
}

export interface Advanceable {
  /** To be advanced at once: something happened, or their time has come. */
  runIds: string[];
  /** Whose time comes soon, in ms from now. */
  soon: { runId: string; waitMs: number }[];
}

/** Runs with a request to advance, and runs whose time (answers due, time-out) comes within `withinMs`. */
export async function findAdvanceable(tx: Tx, withinMs: number, limit = 100): Promise<Advanceable> {
  const asked = await tx.query<{ run_id: string }>(
    'SELECT run_id FROM advances GROUP BY run_id ORDER BY min(id) LIMIT $1',
    [limit],
  );
  const timed = await tx.query<TimedRow>(
    `SELECT id, status, settings, rounds, answers_due_at, deadline_at, headrace_now() AS now FROM runs
     WHERE finished_at IS NULL AND NOT status = ANY($4::text[]) AND (
       (status = 'awaiting_input' AND answers_due_at <= headrace_now() + $1 * interval '1 millisecond')
       OR deadline_at <= headrace_now() + $2 * interval '1 millisecond')
     ORDER BY deadline_at LIMIT $3`,
    [withinMs, withinMs + earliestLimitMs, limit, standStill],
  );
  const limits = timed.map((row) => ({
    runId: row.id,
    ...nextLimit(
      {
        status: row.status,
        settings: row.settings,
        rounds: row.rounds,
        answersDueAt: row.answers_due_at?.getTime() ?? null,
        deadlineAt: row.deadline_at?.getTime() ?? null,
      },
      row.now.getTime(),
    ),
  }));
  const due = limits.filter((each) => each.due).map(({ runId }) => runId);
  return {
    runIds: [...new Set([...due, ...asked.map((row) => row.run_id)])],
    soon: limits.filter(({ waitMs }) => waitMs <= withinMs),
  };
}
