import { type BudgetCost, reserveBudget } from '../ledger/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { JsonObject } from '../platform/json.ts';
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
  /** Why the other accounts were not chosen; asked for only where it is recorded. */
  others?: () => JsonObject[];
}

/** `held`: the budget covers it once other calls under way are settled; nothing was written. */
export type Opened = 'opened' | 'held';

/**
 * Steps 5, 11, 12, 13 and 15 of the record, in one transaction before the wire calls: the attempts, their
 * budget, their events. All are of one run, or of requests that belong to none. Of several either all are
 * opened or it throws: what one of them does not get must not be taken from the others.
 * @throws HeadraceError `conflict` where a task has another holder, `budget_exhausted`, `model_unpriced`
 */
export async function openAttempts(
  store: Store,
  attempts: readonly NewAttempt[],
): Promise<readonly Opened[]> {
  const runId = attempts[0] ? runOf(attempts[0]) : null;
  const opened = await store.transaction('system', async (tx): Promise<Opened> => {
    if (runId === null) {
      await insertAttempts(tx, attempts);
      return 'opened';
    }
    const tasks = await holdTasks(tx, runId, attempts);
    for (const cost of addUp(attempts, tasks)) {
      if ((await reserveBudget(tx, runId, cost)) === 'reserved') continue;
      if (attempts.length > 1) throw new Error('The budget does not cover all of them now.');
      return 'held';
    }
    await insertAttempts(tx, attempts);
    await appendEvents(
      tx,
      runId,
      attempts.flatMap((attempt) => eventsOf(attempt, taskOf(attempt, tasks))),
    );
    return 'opened';
  });
  if (opened === 'opened' && runId !== null) store.notify('run', runId);
  return attempts.map(() => opened);
}

/** The run whose task the call is for; `null`: a client's request. */
export function runOf({ owner }: Pick<NewAttempt, 'owner'>): string | null {
  return 'runId' in owner ? owner.runId : null;
}

interface HeldTask {
  id: string;
  kind: string;
  key: string;
  title: string;
}

type HeldTasks = ReadonlyMap<string, HeldTask>;

/** Locks the run before its tasks, in the order of those who advance runs, so that neither waits for the other. */
async function holdTasks(
  tx: Tx,
  runId: string,
  attempts: readonly NewAttempt[],
): Promise<HeldTasks> {
  await tx.query('SELECT 1 FROM runs WHERE id = $1 FOR KEY SHARE', [runId]);
  const owners = attempts.flatMap(({ owner }) => ('taskId' in owner ? [owner] : []));
  const tasks = await tx.query<HeldTask>(
    `SELECT t.id, t.kind, t.key, t.title FROM tasks t
     JOIN unnest($2::text[], $3::bigint[]) AS held(id, token) ON t.id = held.id AND t.fencing_token = held.token
     WHERE t.run_id = $1 AND t.status = 'running' ORDER BY t.ordinal FOR SHARE OF t`,
    [runId, owners.map(({ taskId }) => taskId), owners.map(({ fencingToken }) => fencingToken)],
  );
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const attempt of attempts) taskOf(attempt, byId);
  return byId;
}

function taskOf({ owner }: NewAttempt, tasks: HeldTasks): HeldTask {
  const taskId = 'taskId' in owner ? owner.taskId : '';
  const task = tasks.get(taskId);
  if (task) return task;
  throw new HeadraceError('conflict', {
    message: 'The task is no longer held by the worker that wants to call for it.',
    where: taskId,
  });
}

/** What is to be reserved in one step each: a call without a price, or one that finishes, has its own rules. */
function addUp(attempts: readonly NewAttempt[], tasks: HeldTasks): BudgetCost[] {
  const costs = attempts.map((attempt): Required<BudgetCost> => {
    const { kind } = taskOf(attempt, tasks);
    return {
      nanoUsd: attempt.reservedNanoUsd,
      tokens: attempt.reservedInputTokens + attempt.reservedOutputTokens,
      finishing: kind === 'merge' || kind === 'judge',
    };
  });
  const alike = Map.groupBy(costs, ({ nanoUsd, finishing }) => `${nanoUsd === null} ${finishing}`);
  return [...alike.values()].map((group) =>
    group.reduce((sum, { nanoUsd, tokens, finishing }) => ({
      nanoUsd: sum.nanoUsd === null || nanoUsd === null ? null : sum.nanoUsd + nanoUsd,
      tokens: sum.tokens + tokens,
      finishing,
    })),
  );
}

async function insertAttempts(tx: Tx, attempts: readonly NewAttempt[]): Promise<void> {
  await tx.query(
    `INSERT INTO attempts (id, tenant_id, run_id, task_id, request_id, fencing_token, number, provider, model,
       account_id, credential_id, simulated, reserved_input_tokens, reserved_output_tokens, reserved_nano_usd)
     SELECT a.id, a.tenant_id, a.run_id, a.task_id, a.request_id, a.fencing_token,
       CASE WHEN a.task_id IS NULL THEN a.number
         ELSE (SELECT count(*) + 1 FROM attempts o WHERE o.task_id = a.task_id) END,
       a.provider, a.model, a.account_id, a.credential_id, a.simulated, a.reserved_input_tokens,
       a.reserved_output_tokens, a.reserved_nano_usd
     FROM jsonb_to_recordset($1::jsonb) AS a(id text, tenant_id text, run_id text, task_id text, request_id text,
       fencing_token bigint, number int, provider text, model text, account_id text, credential_id text,
       simulated boolean, reserved_input_tokens bigint, reserved_output_tokens bigint, reserved_nano_usd bigint)`,
    [JSON.stringify(attempts.map(rowOf))],
  );
}

function rowOf(attempt: NewAttempt) {
  const { owner } = attempt;
  const task = 'requestId' in owner ? null : owner;
  return {
    id: attempt.id,
    tenant_id: attempt.tenantId,
    run_id: task?.runId ?? null,
    task_id: task?.taskId ?? null,
    request_id: 'requestId' in owner ? owner.requestId : null,
    fencing_token: task?.fencingToken ?? null,
    number: attempt.number,
    provider: attempt.provider,
    model: attempt.model,
    account_id: attempt.accountId,
    credential_id: attempt.credentialId,
    simulated: attempt.simulated,
    reserved_input_tokens: attempt.reservedInputTokens,
    reserved_output_tokens: attempt.reservedOutputTokens,
    reserved_nano_usd: attempt.reservedNanoUsd,
  };
}

/** Kinds of task that the orchestrator LLM works on. */
const orchestratorKinds = ['clarify', 'plan', 'panel', 'merge', 'judge'];

function eventsOf(attempt: NewAttempt, task: HeldTask): NewEvent[] {
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
    {
      type: 'account.chosen',
      ...about,
      data: { ...data, headroom: attempt.headroom, others: attempt.others?.() ?? [] },
    },
    { type: 'credential.lent', ...about, data: { ...data, credential: attempt.credentialId } },
    { type: 'call.admitted', ...about, data: { ...data, waited_ms: attempt.waitedMs } },
    { type: 'call.sent', ...about, data },
    ...(asksOrchestrator
      ? [{ type: 'orchestrator.called' as const, ...about, data: { ...data, kind: task.kind } }]
      : []),
  ];
}
