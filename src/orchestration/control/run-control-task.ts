import { type HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { errorFields } from '../../platform/log.ts';
import { type Claim, failTask, handBack, type TaskFailure } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { type ControlJob, openJob } from './control-job.ts';
import { ClaimLost } from './hold-claim.ts';
import { runClarify } from './run-clarify.ts';
import { runJudge } from './run-judge.ts';
import { runMerge } from './run-merge.ts';
import { runPanel } from './run-panel.ts';
import { runPlan } from './run-plan.ts';

type Handler = (deps: OrchestrationDeps, job: ControlJob) => Promise<void>;

const handlers: Record<string, Handler> = {
  clarify: runClarify,
  plan: runPlan,
  panel: runPanel,
  merge: runMerge,
  judge: runJudge,
};

/** Waits between tries: one second, doubled each time, up to half a minute. */
function backoffMs(tries: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.max(0, tries - 1));
}

/** Works on a claimed control task to its end, whatever that is. Never throws. */
export async function runControlTask(
  deps: OrchestrationDeps,
  claim: Claim,
  signal: AbortSignal,
): Promise<void> {
  const { task } = claim;
  try {
    const job = await openJob(deps, claim, signal);
    await handlers[task.kind]?.(deps, job);
    const { traceId } = job.context;
    const fields = { run_id: task.runId, task_id: task.id, kind: task.kind, trace_id: traceId };
    deps.log.info('control.task_worked', fields);
  } catch (error) {
    // Whoever took the claim away has said what becomes of the task.
    if (signal.aborted || error instanceof ClaimLost) return;
    await giveUp(deps, claim, error);
  }
}

async function giveUp(deps: OrchestrationDeps, claim: Claim, error: unknown): Promise<void> {
  const { task } = claim;
  const known = isHeadraceError(error) ? error : null;
  const fields = { run_id: task.runId, task_id: task.id, kind: task.kind, ...errorFields(error) };
  if (known) deps.log.info('control.task_failed', fields);
  else deps.log.error('control.task_failed', fields);
  try {
    if (known && !known.retryable) await failTask(deps, claim, failureOf(known));
    else await returnTask(deps, claim, known);
  } catch (second) {
    // Its lease lapses, and the sweep brings it back.
    deps.log.warn('control.task_stuck', { ...fields, ...errorFields(second) });
  }
}

async function returnTask(
  deps: OrchestrationDeps,
  claim: Claim,
  error: HeadraceError | null,
): Promise<void> {
  const refused = error?.code === 'no_capacity';
  await handBack(deps, claim, {
    provider: '*',
    waitMs: error?.retryAfterMs ?? backoffMs(claim.task.tries),
    cause: refused ? 'refused' : 'retry',
    reason: error?.message ?? 'an unexpected error',
    failure: error
      ? failureOf(error)
      : { code: 'internal', kind: null, message: 'An unexpected error.', dead: true },
  });
}

function failureOf(error: HeadraceError): TaskFailure {
  return { code: error.code, kind: null, message: error.message, dead: false };
}
