import type { CallOutcome } from '../dispatch/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { errorFields } from '../platform/log.ts';
import { failTask, handBack, type OutputMeta } from '../queue/index.ts';
import type { Activity } from './activity.ts';
import { callModel } from './call-model.ts';
import { checkOutput } from './check-output.ts';
import { decideFailure } from './decide-failure.ts';
import type { TaskWork } from './workers-deps.ts';
import { writePersistently } from './write-persistently.ts';

/** Answers one claimed task: call, check, record; or gives it back, or ends it as failed. */
export async function workTask(deps: TaskWork, activity: Activity): Promise<void> {
  const { claim } = activity;
  const startedAt = deps.clock.now();
  const outcome = await answerTask(deps, activity).catch((error: unknown) =>
    endUnanswered(deps, activity, error),
  );
  deps.log.info('task.worked', {
    run_id: claim.task.runId,
    task_id: claim.task.id,
    trace_id: activity.traceId,
    provider: claim.task.assignedProvider,
    outcome,
    ms: deps.clock.now() - startedAt,
  });
}

async function answerTask(deps: TaskWork, activity: Activity): Promise<string> {
  const { claim } = activity;
  const outcome = await callToTheEnd(deps, activity);
  const checked = checkOutput(claim.task, outcome.answer);
  if (!checked.ok) throw new HeadraceError('answer_invalid', { message: checked.problem });
  const answer = { output: checked.output, meta: metaOf(outcome) };
  const recorded = await writePersistently(deps, () => deps.recordAnswer({ claim, answer }));
  return recorded.accepted ? 'succeeded' : 'stale';
}

/**
 * An answer that broke off at its cap is asked for once more with twice the room. Where that fails or
 * breaks off too, what there is stays, and its finish reason says so to the judge. A panel's and a
 * client's own cap is theirs.
 */
async function callToTheEnd(deps: TaskWork, activity: Activity): Promise<CallOutcome> {
  const { task } = activity.claim;
  const first = await callModel(deps, activity);
  if (first.answer.finishReason !== 'length' || task.kind === 'member') return first;
  try {
    const second = await callModel(deps, activity, { room: 2 });
    return second.answer.text.trim() === '' ? first : second;
  } catch (error) {
    if (activity.stopped) throw error;
    deps.log.info('task.kept_cut', { task_id: task.id, ...errorFields(error) });
    return first;
  }
}

function metaOf(outcome: CallOutcome): OutputMeta {
  return {
    provider: outcome.provider,
    model: outcome.model,
    account: outcome.accountId,
    finish_reason: outcome.answer.finishReason,
  };
}

async function endUnanswered(deps: TaskWork, activity: Activity, error: unknown): Promise<string> {
  const { claim } = activity;
  if (activity.stopped === 'lost') return 'lost';
  if (activity.stopped === 'drained') {
    const back = { provider: '*', waitMs: 0, cause: 'released', reason: 'drained' } as const;
    const { accepted } = await handBack(deps, claim, back);
    return accepted ? 'released' : 'stale';
  }
  const decision = decideFailure(claim.task, reasonOf(activity, error), deps.random);
  deps.log.warn('task.unanswered', {
    run_id: claim.task.runId,
    task_id: claim.task.id,
    trace_id: activity.traceId,
    ...errorFields(error),
  });
  const { accepted } = await writePersistently<{ accepted: boolean }>(deps, () =>
    decision.act === 'fail'
      ? failTask(deps, claim, decision.failure)
      : handBack(deps, claim, decision.back),
  );
  return accepted ? decision.act : 'stale';
}

function reasonOf(activity: Activity, error: unknown): unknown {
  if (activity.stopped !== 'silent') return error;
  return new HeadraceError('upstream_timeout', {
    message: 'The call gave no sign of life.',
    cause: error,
  });
}
