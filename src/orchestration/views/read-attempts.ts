import type { Tx } from '../../platform/store/store.ts';
import type { AttemptDocument } from '../documents.ts';
import { modelId } from '../model-id.ts';
import { isoOf } from './list-runs.ts';
import { toUsd } from './usage.ts';

interface AttemptRow {
  id: string;
  task_id: string;
  provider: string;
  model: string;
  account_id: string;
  outcome: AttemptDocument['outcome'];
  failure: { kind?: string; message?: string } | null;
  started_at: Date;
  finished_at: Date | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cost_nano_usd: number | null;
  as_reserved: boolean;
}

/** Every wire call of a run, by task, in the order in which they began. */
export async function readAttempts(tx: Tx, runId: string): Promise<Map<string, AttemptDocument[]>> {
  const rows = await tx.query<AttemptRow>(
    `SELECT id, task_id, provider, model, account_id, outcome, failure, started_at, finished_at,
       input_tokens, output_tokens, cost_nano_usd,
       coalesce(input_tokens = reserved_input_tokens AND output_tokens = reserved_output_tokens
         AND input_tokens + output_tokens > 0, false) AS as_reserved
     FROM attempts WHERE run_id = $1 AND task_id IS NOT NULL ORDER BY started_at, id`,
    [runId],
  );
  const byTask = new Map<string, AttemptDocument[]>();
  for (const row of rows) {
    byTask.set(row.task_id, [...(byTask.get(row.task_id) ?? []), attemptDocument(row)]);
  }
  return byTask;
}

function attemptDocument(row: AttemptRow): AttemptDocument {
  const { id, outcome, input_tokens, output_tokens } = row;
  return {
    id,
    model: modelId(row),
    account: row.account_id,
    outcome,
    failure: row.failure
      ? { kind: row.failure.kind ?? null, message: row.failure.message ?? '' }
      : null,
    started_at: row.started_at.toISOString(),
    finished_at: isoOf(row.finished_at),
    ...{ input_tokens, output_tokens },
    cost_usd: row.cost_nano_usd === null ? null : toUsd(row.cost_nano_usd),
    as_reserved: row.as_reserved,
  };
}
