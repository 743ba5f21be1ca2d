import { inlineLimitBytes, savePayload } from '../platform/store/payloads.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';
import { type Claim, controlKinds, type OutputMeta } from './task.ts';

export interface TaskAnswer {
  output: string;
  meta: OutputMeta;
}

/** Whether the write was made; refused where another claim, a cancellation or an ending came between. */
export interface FencedWrite {
  accepted: boolean;
  /** To be appended as the last statement of the transaction; empty where refused. */
  events: NewEvent[];
}

/** A claim and what its task is to end with. */
export interface AnsweredClaim {
  claim: Claim;
  answer: TaskAnswer;
}

/**
 * Ends a claimed task with its answer, inside a transaction of the caller (the orchestrator stores
 * what a control task led to in the same one). Refused, not thrown, where the fencing token is stale.
 */
export async function completeTask(tx: Tx, claim: Claim, answer: TaskAnswer): Promise<FencedWrite> {
  const [accepted] = await completeTasks(tx, [{ claim, answer }]);
  return {
    accepted: accepted === true,
    events: accepted ? collectedEvents({ claim, answer }) : [],
  };
}

/** Ends claimed tasks of one run; says of each whether it was accepted. */
export async function completeTasks(
  tx: Tx,
  answered: readonly AnsweredClaim[],
): Promise<boolean[]> {
  // Locked before a payload is written: a stale worker leaves nothing behind.
  const held = await lockClaims(
    tx,
    answered.map(({ claim }) => claim),
  );
  const ended: EndedRow[] = [];
  for (const { claim, answer } of answered) {
    if (!held.has(claim.task.id)) continue;
    const payload = await saveLong(tx, claim.task.tenantId, answer.output);
    const output = payload ? null : answer.output;
    ended.push({ id: claim.task.id, output, payload, meta: JSON.stringify(answer.meta) });
  }
  if (ended.length > 0) await endTasks(tx, ended);
  return answered.map(({ claim }) => held.has(claim.task.id));
}

async function saveLong(tx: Tx, tenantId: string, output: string): Promise<string | null> {
  if (Buffer.byteLength(output) <= inlineLimitBytes) return null;
  return await savePayload(tx, tenantId, { mediaType: 'text/markdown', content: output });
}

interface EndedRow {
  id: string;
  output: string | null;
  payload: string | null;
  meta: string;
}

async function endTasks(tx: Tx, ended: readonly EndedRow[]): Promise<void> {
  // Arrays of text and not one jsonb, which refuses half a surrogate pair in what a model wrote.
  await tx.query(
    `WITH ended AS (
       UPDATE tasks t SET status = 'succeeded', output = g.output, output_payload = g.payload,
         output_meta = g.meta::jsonb, finished_at = headrace_now(), lease_until = NULL, failure = NULL
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS g(id, output, payload, meta)
       WHERE t.id = g.id
       RETURNING t.run_id, t.tenant_id)
     INSERT INTO advances (run_id, tenant_id) SELECT DISTINCT run_id, tenant_id FROM ended`,
    [
      ended.map(({ id }) => id),
      ended.map(({ output }) => output),
      ended.map(({ payload }) => payload),
      ended.map(({ meta }) => meta),
    ],
  );
}

/** Locks the claimed task; `false` where the claim does not hold any more. */
export async function lockClaim(tx: Tx, claim: Claim): Promise<boolean> {
  return (await lockClaims(tx, [claim])).size === 1;
}

/** In the order in which others lock a run's tasks: two orders would be a deadlock. */
async function lockClaims(tx: Tx, claims: readonly Claim[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `SELECT t.id FROM tasks t
     JOIN unnest($1::text[], $2::bigint[]) AS held(id, token) ON t.id = held.id AND t.fencing_token = held.token
     WHERE t.status = 'running' ORDER BY t.ordinal FOR NO KEY UPDATE OF t`,
    [claims.map((claim) => claim.task.id), claims.map((claim) => claim.fencingToken)],
  );
  return new Set(rows.map((row) => row.id));
}

/** The orchestrator's own tasks end in events of their own: the clarified brief, the plan, the verdict. */
export function collectedEvents({ claim, answer }: AnsweredClaim): NewEvent[] {
  if ((controlKinds as readonly string[]).includes(claim.task.kind)) return [];
  const { provider, model, finish_reason } = answer.meta;
  return [
    {
      type: 'answer.collected',
      taskId: claim.task.id,
      data: {
        key: claim.task.key,
        provider,
        model,
        finish_reason,
        bytes: Buffer.byteLength(answer.output),
      },
    },
  ];
}
