import { settleBudget } from '../ledger/index.ts';
import type { JsonObject } from '../platform/json.ts';
import { appendEvents } from '../platform/store/append-events.ts';
import type { Store, Tx } from '../platform/store/store.ts';
import type { Usage } from '../protocol/index.ts';
import type { Failure } from '../providers/index.ts';
import type { CallOrder } from './dispatch.ts';

/** What became of a wire call. */
export interface AttemptEnd {
  id: string;
  owner: CallOrder['owner'];
  outcome: 'succeeded' | 'failed' | 'unknown' | 'cancelled';
  failure: Failure | null;
  /**
   * `usage`: what the vendor reported. `nothing`: it refused, or nothing was sent. `reserved`: it may bill
   * what nobody counted, so the upper bound stands.
   */
  billing: { by: 'usage'; usage: Usage; nanoUsd: number | null } | { by: 'nothing' | 'reserved' };
  /** Milliseconds from the attempt's start; `null`: no token came. */
  firstTokenMs: number | null;
}

interface AttemptRow {
  run_id: string | null;
  task_id: string | null;
  outcome: string | null;
  reserved_input_tokens: number;
  reserved_output_tokens: number;
  reserved_nano_usd: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cost_nano_usd: number | null;
}

/**
 * Settles an attempt on the ledger, once: a second settlement changes nothing, a late one replaces the
 * `unknown` that a sweeper wrote. Answers what it cost, in nano-USD.
 */
export async function closeAttempt(store: Store, end: AttemptEnd): Promise<number | null> {
  const runId = 'runId' in end.owner ? end.owner.runId : null;
  const costNanoUsd = await store.transaction('system', async (tx) => {
    const isOpenRun = runId === null ? false : await lockRun(tx, runId);
    const [row] = await tx.query<AttemptRow>('SELECT * FROM attempts WHERE id = $1 FOR UPDATE', [
      end.id,
    ]);
    if (!row) return null;
    if (row.outcome !== null && row.outcome !== 'unknown') return row.cost_nano_usd;
    const bill = billOf(row, end);
    await writeEnd(tx, end, bill);
    if (runId !== null) {
      await moveBudget(tx, { runId, row, bill });
      if (isOpenRun) await appendEvents(tx, runId, [endedEvent(row, end, bill)]);
    }
    return bill.nanoUsd;
  });
  if (runId !== null) store.notify('run', runId);
  return costNanoUsd;
}

interface Bill {
  input: number;
  output: number;
  cachedInput: number;
  reasoning: number;
  nanoUsd: number | null;
}

function billOf(row: AttemptRow, { billing }: AttemptEnd): Bill {
  if (billing.by === 'usage') {
    const { input, output, cachedInput, reasoning } = billing.usage;
    return { input, output, cachedInput, reasoning, nanoUsd: billing.nanoUsd };
  }
  const none = { cachedInput: 0, reasoning: 0 };
  if (billing.by === 'nothing') {
    const nanoUsd = row.reserved_nano_usd === null ? null : 0;
    return { input: 0, output: 0, nanoUsd, ...none };
  }
  return {
    input: row.reserved_input_tokens,
    output: row.reserved_output_tokens,
    nanoUsd: row.reserved_nano_usd,
    ...none,
  };
}

/** Whether the run still records: after its terminal event nothing of its attempts may follow. */
async function lockRun(tx: Tx, runId: string): Promise<boolean> {
  const [run] = await tx.query<{ finished_at: Date | null }>(
    'SELECT finished_at FROM runs WHERE id = $1 FOR SHARE',
    [runId],
  );
  return run !== undefined && run.finished_at === null;
}

async function writeEnd(tx: Tx, end: AttemptEnd, bill: Bill): Promise<void> {
  await tx.query(
    `UPDATE attempts SET outcome = $2, failure = $3::jsonb, input_tokens = $4, output_tokens = $5,
       cached_input_tokens = $6, reasoning_tokens = $7, cost_nano_usd = $8, finished_at = headrace_now(),
       first_token_at = started_at + $9::double precision * interval '1 millisecond'
     WHERE id = $1`,
    [
      end.id,
      end.outcome,
      end.failure === null ? null : JSON.stringify(describeFailure(end.failure)),
      bill.input,
      bill.output,
      bill.cachedInput,
      bill.reasoning,
      bill.nanoUsd,
      end.firstTokenMs,
    ],
  );
}

async function moveBudget(
  tx: Tx,
  { runId, row, bill }: { runId: string; row: AttemptRow; bill: Bill },
): Promise<void> {
  // A sweeper has already moved the reservation to what was spent; a late word corrects that.
  const swept = row.outcome === 'unknown';
  const counted = swept ? (row.input_tokens ?? 0) + (row.output_tokens ?? 0) : 0;
  await settleBudget(tx, runId, {
    reservedNanoUsd: swept ? 0 : (row.reserved_nano_usd ?? 0),
    reservedTokens: swept ? 0 : row.reserved_input_tokens + row.reserved_output_tokens,
    spentNanoUsd: (bill.nanoUsd ?? 0) - (swept ? (row.cost_nano_usd ?? 0) : 0),
    spentTokens: bill.input + bill.output - counted,
  });
}

function endedEvent(row: AttemptRow, end: AttemptEnd, bill: Bill) {
  return {
    type: 'attempt.ended' as const,
    taskId: row.task_id ?? undefined,
    attemptId: end.id,
    data: {
      outcome: end.outcome,
      failure: end.failure === null ? null : describeFailure(end.failure),
      input_tokens: bill.input,
      output_tokens: bill.output,
      cost_usd: bill.nanoUsd === null ? null : bill.nanoUsd / 1e9,
    },
  };
}

function describeFailure(failure: Failure): JsonObject {
  return { kind: failure.kind, code: failure.code, message: failure.message };
}
