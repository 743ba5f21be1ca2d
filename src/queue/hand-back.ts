import { appendEvents } from '../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../platform/store/store.ts';
import { lockClaim } from './complete-task.ts';
import { markFailed } from './fail-task.ts';
import { maxTries, type QueueDeps } from './queue-deps.ts';
import type { Claim, TaskFailure } from './task.ts';

export interface HandBack {
  /** Where it may not be assigned before the wait is over; `*` for everywhere. */
  provider: string;
  /** The wait, in ms from now by the database's clock; 0 for none. */
  waitMs: number;
  /**
   * `refused`: a limiter could not admit it (counts as a refusal). `retry`: the call failed and may be
   * tried again (counts as a try; the last one ends the task as dead). `released`: given back unused.
   */
  cause: 'refused' | 'retry' | 'released';
  /** In words, for the event. */
  reason: string;
  /** With what a task ends whose tries are spent. */
  failure?: TaskFailure;
}

type Outcome = { accepted: true; status: 'ready' | 'failed' } | { accepted: false; status: null };

/** Gives a claimed task back, to be assigned anew; refused where the claim is stale. */
export async function handBack(deps: QueueDeps, claim: Claim, back: HandBack): Promise<Outcome> {
  const { runId } = claim.task;
  const outcome = await deps.store.transaction('system', async (tx): Promise<Outcome> => {
    if (!(await lockClaim(tx, claim))) return { accepted: false, status: null };
    const spent = back.cause === 'retry' && triesSpent(claim.task);
    const events = spent
      ? await markFailed(tx, claim.task.id, deadFailure(back.failure, back.reason))
      : await makeReady(tx, claim, back);
    await appendEvents(tx, runId, events);
    return { accepted: true, status: spent ? 'failed' : 'ready' };
  });
  if (outcome.accepted) {
    deps.store.notify(outcome.status === 'failed' ? 'advance' : 'task', runId);
    deps.store.notify('run', runId);
  }
  return outcome;
}

/** Whether a task has been tried as often as it may; refusals by a limiter are not tries. */
export function triesSpent(task: { tries: number; refusals: number }): boolean {
  return task.tries - task.refusals >= maxTries;
}

export function deadFailure(failure: TaskFailure | undefined, reason: string): TaskFailure {
  return {
    code: failure?.code ?? 'upstream_failed',
    kind: failure?.kind ?? null,
    message: `Given up after ${maxTries} tries: ${failure?.message ?? reason}`,
    dead: true,
  };
}

async function makeReady(tx: Tx, claim: Claim, back: HandBack): Promise<NewEvent[]> {
  const [row] = await tx.query<{ refusals: number }>(
    `UPDATE tasks SET status = 'ready', worker_id = NULL, lease_until = NULL,
       refusals = refusals + $2, tries = tries - $3,
       not_before = CASE WHEN $5::float8 > 0
         THEN not_before || jsonb_build_object($4::text, headrace_now() + $5 * interval '1 millisecond')
         ELSE not_before END
     WHERE id = $1
     RETURNING refusals`,
    [
      claim.task.id,
      back.cause === 'refused' ? 1 : 0,
      back.cause === 'released' ? 1 : 0,
      back.provider,
      Math.max(0, back.waitMs),
    ],
  );
  return [
    {
      type: 'task.handed_back',
      taskId: claim.task.id,
      data: {
        provider: back.provider,
        wait_ms: back.waitMs,
        cause: back.cause,
        reason: back.reason,
        refusals: row?.refusals ?? claim.task.refusals,
      },
    },
  ];
}
