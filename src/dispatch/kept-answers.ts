import type { Store, Tx } from '../platform/store/store.ts';
import type { CanonicalAnswer } from '../protocol/index.ts';
import type { CallOrder, CallOutcome } from './dispatch.ts';

// A judgement, a merge in a tree and a comparison ask several times. Their task begins anew where its
// process is killed between two calls; without this the finished ones would be paid again.

export interface NamedAnswer {
  name: string;
  answer: CanonicalAnswer;
}

interface Keepable {
  /** The attempt that was answered. */
  id: string;
  owner: CallOrder['owner'];
  kept?: NamedAnswer;
}

/** Part of the transaction that settles their attempts: what is paid is kept, and the other way round. */
export async function keepAnswers(tx: Tx, ends: readonly Keepable[]): Promise<void> {
  const rows = ends.flatMap(({ id, owner, kept }) =>
    kept && 'taskId' in owner
      ? [{ id, task: owner.taskId, name: kept.name, answer: JSON.stringify(kept.answer) }]
      : [],
  );
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO kept_answers (task_id, name, tenant_id, run_id, attempt_id, answer)
     SELECT k.task, k.name, a.tenant_id, a.run_id, a.id, k.answer
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS k(id, task, name, answer)
     JOIN attempts a ON a.id = k.id
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ id }) => id),
      rows.map(({ task }) => task),
      rows.map(({ name }) => name),
      rows.map(({ answer }) => answer),
    ],
  );
}

interface KeptRow {
  answer: string;
  attempt_id: string;
  provider: string;
  model: string;
  account_id: string;
  simulated: boolean;
  cost_nano_usd: number | null;
}

/** What the task was answered when it asked the same before; `null`: it has to be asked. */
export async function recallAnswer(
  store: Pick<Store, 'transaction'>,
  { owner, keepAs }: Pick<CallOrder, 'owner' | 'keepAs'>,
): Promise<CallOutcome | null> {
  if (keepAs === undefined || !('taskId' in owner)) return null;
  const [row] = await store.transaction('system', (tx) =>
    tx.query<KeptRow>(
      `SELECT k.answer, k.attempt_id, a.provider, a.model, a.account_id, a.simulated, a.cost_nano_usd
       FROM kept_answers k JOIN attempts a ON a.id = k.attempt_id WHERE k.task_id = $1 AND k.name = $2`,
      [owner.taskId, keepAs],
    ),
  );
  if (!row) return null;
  return {
    answer: JSON.parse(row.answer) as CanonicalAnswer,
    provider: row.provider,
    model: row.model,
    accountId: row.account_id,
    attemptId: row.attempt_id,
    attempts: 0,
    simulated: row.simulated,
    costNanoUsd: row.cost_nano_usd,
  };
}

/** What a task's kept answers have cost: it will not be asked for again. */
export async function readKeptCost(
  tx: Tx,
  taskId: string,
): Promise<{ tokens: number; nanoUsd: number }> {
  const [sum] = await tx.query<{ tokens: number; nano_usd: number }>(
    `SELECT coalesce(sum(a.input_tokens + a.output_tokens), 0)::bigint AS tokens,
       coalesce(sum(a.cost_nano_usd), 0)::bigint AS nano_usd
     FROM kept_answers k JOIN attempts a ON a.id = k.attempt_id WHERE k.task_id = $1`,
    [taskId],
  );
  return { tokens: sum?.tokens ?? 0, nanoUsd: sum?.nano_usd ?? 0 };
}

/** With the run's end: a run that ended asks nothing again. */
export async function forgetAnswers(tx: Tx, runId: string): Promise<void> {
  await tx.query('DELETE FROM kept_answers WHERE run_id = $1', [runId]);
}
