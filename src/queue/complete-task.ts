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

/**
 * Ends a claimed task with its answer, inside a transaction of the caller (the orchestrator stores
 * what a control task led to in the same one). Refused, not thrown, where the fencing token is stale.
 */
export async function completeTask(tx: Tx, claim: Claim, answer: TaskAnswer): Promise<FencedWrite> {
  const { task } = claim;
  // Locked before the payload is written: a stale worker leaves nothing behind.
  if (!(await lockClaim(tx, claim))) return { accepted: false, events: [] };
  const bytes = Buffer.byteLength(answer.output);
  const payload =
    bytes > inlineLimitBytes
      ? await savePayload(tx, task.tenantId, { mediaType: 'text/markdown', content: answer.output })
      : null;
  await tx.query(
    `WITH ended AS (
       UPDATE tasks SET status = 'succeeded', output = $2, output_payload = $3, output_meta = $4,
         finished_at = headrace_now(), lease_until = NULL, failure = NULL
       WHERE id = $1
       RETURNING run_id, tenant_id)
     INSERT INTO advances (run_id, tenant_id) SELECT run_id, tenant_id FROM ended`,
    [task.id, payload ? null : answer.output, payload, JSON.stringify(answer.meta)],
  );
  return { accepted: true, events: collectedEvents(claim, answer, bytes) };
}

/** Locks the claimed task; `false` where the claim does not hold any more. */
export async function lockClaim(tx: Tx, claim: Claim): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM tasks WHERE id = $1 AND fencing_token = $2 AND status = 'running' FOR NO KEY UPDATE`,
    [claim.task.id, claim.fencingToken],
  );
  return rows.length === 1;
}

// The orchestrator's own tasks end in events of their own: the clarified brief, the plan, the verdict.
function collectedEvents(claim: Claim, answer: TaskAnswer, bytes: number): NewEvent[] {
  if ((controlKinds as readonly string[]).includes(claim.task.kind)) return [];
  const { provider, model, finish_reason } = answer.meta;
  return [
    {
      type: 'answer.collected',
      taskId: claim.task.id,
      data: { key: claim.task.key, provider, model, finish_reason, bytes },
    },
  ];
}
