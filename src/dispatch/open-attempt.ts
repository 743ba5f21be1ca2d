import { type BudgetCost, reserveBudget } from '../ledger/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { appendEvents } from '../platform/store/append-events.ts';
import type { NewEvent, Store, Tx } from '../platform/store/store.ts';
import type { CallOrder } from './dispatch.ts';

/** What is written of a wire call before it is sent. */
export interface NewAttempt {
  id: string;
  owner: CallOrder['owner'];
  tenantId: string;
  /** Of this call, from 1; a task's attempts are counted over all its calls. */
  number: number;
  provider: string;
  model: string;
  accountId: string;
  credentialId: string;
  simulated: boolean;
  /** Upper bounds: bytes of input, cap of output. */
  reservedInputTokens: number;
  reservedOutputTokens: number;
  /** `null`: the model has no price. */
  reservedNanoUsd: number | null;
  /** Share of its limits that the chosen account has left, and how long the call waited for it, ms. */
  headroom: number;
  waitedMs: number;
}

/**
 * Steps 5, 11, 12, 13 and 15 of the record, in one transaction before the wire call: the attempt, its
 * budget, its events. `held`: the budget covers it once other calls under way are settled; nothing is written.
 * @throws HeadraceError `conflict` where the task has another holder, `budget_exhausted`, `model_unpriced`
 */
export async function openAttempt(store: Store, attempt: NewAttempt): Promise<'opened' | 'held'> {
  const { owner } = attempt;
  const opened = await store.transaction('system', async (tx) => {
    if ('requestId' in owner) {
      await insertAttempt(tx, attempt);
      return 'opened';
    }
    const task = await holdTask(tx, owner);
    const cost: BudgetCost = {
      nanoUsd: attempt.reservedNanoUsd,
      tokens: attempt.reservedInputTokens + attempt.reservedOutputTokens,
      finishing: task.kind === 'merge' || task.kind === 'judge',
    };
    if ((await reserveBudget(tx, owner.runId, cost)) === 'held') return 'held';
    await insertAttempt(tx, attempt);
    await appendEvents(tx, owner.runId, eventsOf(attempt, { ...task, id: owner.taskId }));
    return 'opened';
  });
  if (opened === 'opened' && 'runId' in owner) store.notify('run', owner.runId);
  return opened;
}

interface HeldTask {
  kind: string;
  key: string;
  title: string;
}

/** Locks the run before the task, in the order of those who advance runs, so that neither waits for the other. */
async function holdTask(
  tx: Tx,
  owner: Extract<CallOrder['owner'], { taskId: string }>,
): Promise<HeldTask> {
  await tx.query('SELECT 1 FROM runs WHERE id = $1 FOR KEY SHARE', [owner.runId]);
  const [task] = await tx.query<HeldTask>(
    `SELECT kind, key, title FROM tasks
     WHERE id = $1 AND run_id = $2 AND fencing_token = $3 AND status = 'running' FOR SHARE`,
    [owner.taskId, owner.runId, owner.fencingToken],
  );
  if (task) return task;
  throw new HeadraceError('conflict', {
    message: 'The task is no longer held by the worker that wants to call for it.',
    where: owner.taskId,
  });
}

async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<void> {
  const { owner } = attempt;
  const task = 'requestId' in owner ? null : owner;
  await tx.query(
    `INSERT INTO attempts (id, tenant_id, run_id, task_id, request_id, fencing_token, number, provider, model,
       account_id, credential_id, simulated, reserved_input_tokens, reserved_output_tokens, reserved_nano_usd)
     VALUES ($1, $2, $3, $4, $5, $6,
       CASE WHEN $4::text IS NULL THEN $7 ELSE (SELECT count(*) + 1 FROM attempts WHERE task_id = $4) END,
       $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      attempt.id,
      attempt.tenantId,
      task?.runId ?? null,
      task?.taskId ?? null,
      'requestId' in owner ? owner.requestId : null,
      task?.fencingToken ?? null,
      attempt.number,
      attempt.provider,
      attempt.model,
      attempt.accountId,
      attempt.credentialId,
      attempt.simulated,
      attempt.reservedInputTokens,
      attempt.reservedOutputTokens,
      attempt.reservedNanoUsd,
    ],
  );
}

/** Kinds of task that the orchestrator LLM works on. */
const orchestratorKinds = ['clarify', 'plan', 'panel', 'merge', 'judge'];

function eventsOf(attempt: NewAttempt, task: HeldTask & { id: string }): NewEvent[] {
  const about = { taskId: task.id, attemptId: attempt.id };
  const data = {
    provider: attempt.provider,
    model: attempt.model,
    account: attempt.accountId,
    attempt: attempt.id,
    task: task.key,
    title: task.title,
  };
  const asksOrchestrator = orchestratorKinds.includes(task.kind);
  return [
    { type: 'account.chosen', ...about, data: { ...data, headroom: attempt.headroom } },
    { type: 'credential.lent', ...about, data: { ...data, credential: attempt.credentialId } },
    { type: 'call.admitted', ...about, data: { ...data, waited_ms: attempt.waitedMs } },
    { type: 'call.sent', ...about, data },
    ...(asksOrchestrator
      ? [{ type: 'orchestrator.called' as const, ...about, data: { ...data, kind: task.kind } }]
      : []),
  ];
}
