import { type BudgetSettlement, settleBudget } from '../ledger/index.ts';
import type { JsonObject } from '../platform/json.ts';
import { appendEvents } from '../platform/store/append-events.ts';
import { lockOpenRun } from '../platform/store/lock-open-run.ts';
import type { NewEvent, Store, Tx } from '../platform/store/store.ts';
import type { Usage } from '../protocol/index.ts';
import type { Failure } from '../providers/index.ts';
import type { CallOrder } from './dispatch.ts';
import { keepAnswers, type NamedAnswer } from './kept-answers.ts';
import { runOf } from './open-attempts.ts';

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
  /** Answered, and asked for under a name: kept for a task that begins anew. */
  kept?: NamedAnswer;
  /** Milliseconds from the attempt's start; `null`: no token came. */
  firstTokenMs: number | null;
}

interface AttemptRow {
  id: string;
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
 * Settles attempts of one run, or of requests that belong to none, on the ledger, each once: a second
 * settlement changes nothing, a late one replaces the `unknown` that a sweeper wrote. Answers what each
 * cost, in nano-USD.
 */
export async function closeAttempts(
  store: Store,
  ends: readonly AttemptEnd[],
): Promise<readonly (number | null)[]> {
  const runId = ends[0] ? runOf(ends[0]) : null;
  const costs = await store.transaction('system', async (tx) => {
    const isOpenRun = runId === null ? false : await lockOpenRun(tx, runId);
    const rows = await lockAttempts(tx, ends);
    const bills = ends.map((end) => billOnce(rows, end));
    const closed = bills.flatMap((bill) => (bill.closed ? [bill.closed] : []));
    if (closed.length > 0) await writeEnds(tx, closed);
    if (runId !== null && closed.length > 0) {
      await settleBudget(tx, runId, closed.map(moveOf).reduce(addMoves));
      if (isOpenRun)
        await keepAnswers(
          tx,
          closed.map(({ end }) => end),
        );
      if (isOpenRun) await appendEvents(tx, runId, closed.map(endedEvent));
    }
    return bills.map(({ nanoUsd }) => nanoUsd);
  });
  if (runId !== null) store.notify('run', runId);
  return costs;
}

interface Closed {
  row: AttemptRow;
  end: AttemptEnd;
  bill: Bill;
}

async function lockAttempts(tx: Tx, ends: readonly AttemptEnd[]): Promise<Map<string, AttemptRow>> {
  const rows = await tx.query<AttemptRow>(
    'SELECT * FROM attempts WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE',
    [ends.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** `closed` only for the first word on an open attempt; a row is taken out as soon as it is billed. */
function billOnce(
  rows: Map<string, AttemptRow>,
  end: AttemptEnd,
): { nanoUsd: number | null; closed: Closed | null } {
  const row = rows.get(end.id);
  if (!row) return { nanoUsd: null, closed: null };
  if (row.outcome !== null && row.outcome !== 'unknown') {
    return { nanoUsd: row.cost_nano_usd, closed: null };
  }
  const bill = billOf(row, end);
  rows.set(end.id, { ...row, outcome: end.outcome, cost_nano_usd: bill.nanoUsd });
  return { nanoUsd: bill.nanoUsd, closed: { row, end, bill } };
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

async function writeEnds(tx: Tx, closed: readonly Closed[]): Promise<void> {
  await tx.query(
    `UPDATE attempts a SET outcome = e.outcome, failure = e.failure::jsonb, input_tokens = e.input,
       output_tokens = e.output, cached_input_tokens = e.cached, reasoning_tokens = e.reasoning,
       cost_nano_usd = e.nano_usd, finished_at = headrace_now(),
       first_token_at = a.started_at + e.first_token_ms * interval '1 millisecond'
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
         $8::bigint[], $9::double precision[])
       AS e(id, outcome, failure, input, output, cached, reasoning, nano_usd, first_token_ms)
     WHERE a.id = e.id`,
    [
      closed.map(({ end }) => end.id),
      closed.map(({ end }) => end.outcome),
      closed.map(({ end }) => (end.failure ? JSON.stringify(describeFailure(end.failure)) : null)),
      closed.map(({ bill }) => bill.input),
      closed.map(({ bill }) => bill.output),
      closed.map(({ bill }) => bill.cachedInput),
      closed.map(({ bill }) => bill.reasoning),
      closed.map(({ bill }) => bill.nanoUsd),
      closed.map(({ end }) => end.firstTokenMs),
    ],
  );
}

function moveOf({ row, bill }: Closed): BudgetSettlement {
  // A sweeper has already moved the reservation to what was spent; a late word corrects that.
  const swept = row.outcome === 'unknown';
  const counted = swept ? (row.input_tokens ?? 0) + (row.output_tokens ?? 0) : 0;
  return {
    reservedNanoUsd: swept ? 0 : (row.reserved_nano_usd ?? 0),
    reservedTokens: swept ? 0 : row.reserved_input_tokens + row.reserved_output_tokens,
    spentNanoUsd: (bill.nanoUsd ?? 0) - (swept ? (row.cost_nano_usd ?? 0) : 0),
    spentTokens: bill.input + bill.output - counted,
  };
}

function addMoves(one: BudgetSettlement, other: BudgetSettlement): BudgetSettlement {
  return {
    reservedNanoUsd: one.reservedNanoUsd + other.reservedNanoUsd,
    reservedTokens: one.reservedTokens + other.reservedTokens,
    spentNanoUsd: one.spentNanoUsd + other.spentNanoUsd,
    spentTokens: one.spentTokens + other.spentTokens,
  };
}

function endedEvent({ row, end, bill }: Closed): NewEvent {
  return {
    type: 'attempt.ended',
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
