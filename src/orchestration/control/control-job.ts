import type { CallOutcome, Dispatch, ModelInfo } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { CanonicalMessage, StreamEvent } from '../../protocol/index.ts';
import {
  type Claim,
  type OutputMeta,
  readTaskContext,
  type TaskContext,
  type TaskKind,
} from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { RunSettings } from '../documents.ts';
import {
  judgeEndsAt,
  lastWordMs,
  mergeEndsAt,
  type Timed,
  workEndsAt,
} from '../machine/time-limits.ts';
import { chooseOrchestrators, chooseStandIns } from './choose-orchestrators.ts';

/** A claimed control task with what its handler works on. */
export interface ControlJob {
  claim: Claim;
  context: TaskContext;
  settings: RunSettings;
  criteria: string[];
  /** Orchestrator models, best first. */
  models: ModelInfo[];
  /** Asked where none of them can be reached, `provider/model`. */
  standIns: string[];
  /** Epoch ms by this process's clock. */
  deadlineAt: number;
  signal: AbortSignal;
}

/** One call may take so long, whatever the run's time-out. */
const longestCallMs = 10 * 60_000;
const fileBytes = 262_144;

export async function openJob(
  deps: OrchestrationDeps,
  claim: Claim,
  signal: AbortSignal,
): Promise<ControlJob> {
  const context = await readTaskContext(deps, claim, { fileBytes });
  const settings = context.settings as unknown as RunSettings;
  const [run] = await deps.store.transaction('system', (tx) =>
    tx.query<{ criteria: string[]; rounds: number }>(
      'SELECT criteria, rounds FROM runs WHERE id = $1',
      [claim.task.runId],
    ),
  );
  const now = deps.clock.now();
  const deadlineAt = context.remainingMs === null ? null : now + context.remainingMs;
  const timed = { deadlineAt, rounds: run?.rounds ?? 0, settings };
  const configured = deps.config.orchestrator;
  const models = chooseOrchestrators(deps.dispatch, settings, configured);
  const standIns = chooseStandIns(deps.dispatch, settings, { configured, first: models });
  return {
    claim,
    context,
    settings,
    criteria: run?.criteria ?? [],
    models,
    standIns: standIns.map((model) => model.id),
    deadlineAt: Math.min(now + longestCallMs, callsEndAt(claim.task.kind, timed, now)),
    signal,
  };
}

/**
 * When the last answer to a task's calls may come, epoch ms. Questions and a plan that take all the time
 * leave none for the work, so each has a part of what there is; a merge leaves the judge its part.
 */
function callsEndAt(kind: TaskKind, run: Timed, now: number): number {
  const working = Math.max(0, workEndsAt(run) - now);
  switch (kind) {
    case 'clarify':
      return now + working / 4;
    case 'plan':
      return now + working / 2;
    case 'merge':
      return mergeEndsAt(run) - lastWordMs(run);
    case 'judge':
      return judgeEndsAt(run);
    default:
      return now + working;
  }
}

/** The part of every call order that says for whom it is. */
export function callOwner(job: ControlJob) {
  const { task, fencingToken } = job.claim;
  return {
    tenantId: task.tenantId,
    lane: task.lane,
    owner: { runId: task.runId, taskId: task.id, fencingToken },
    deadlineAt: job.deadlineAt,
    signal: job.signal,
    standIns: job.standIns,
  };
}

export interface Ask {
  messages: CanonicalMessage[];
  maxTokens: number;
  json?: boolean;
  /** Which of the task's questions it is, where its answer is kept: see `CallOrder`. */
  keepAs?: string;
  /** Reasoning with nothing beside it is an answer too. */
  takesReasoning?: boolean;
  onEvent?: (event: StreamEvent) => Promise<void>;
  signal?: AbortSignal;
}

/** One call to the orchestrator models. */
export function ask(
  deps: { dispatch: Dispatch },
  job: ControlJob,
  question: Ask,
): Promise<CallOutcome> {
  return deps.dispatch.call({
    ...callOwner(job),
    streamed: true,
    takesReasoning: question.takesReasoning === true,
    ...(question.keepAs === undefined ? {} : { keepAs: question.keepAs }),
    ...(question.signal ? { signal: question.signal } : {}),
    models: job.models.map((model) => model.id),
    request: {
      messages: question.messages,
      maxOutputTokens: Math.min(
        question.maxTokens,
        ...job.models.map((model) => model.maxOutputTokens),
      ),
      ...(question.json ? { output: { type: 'json' as const } } : {}),
    },
    ...(question.onEvent ? { onEvent: question.onEvent } : {}),
  });
}

export function metaOf(outcome: CallOutcome): OutputMeta {
  return {
    provider: outcome.provider,
    model: outcome.model,
    account: outcome.accountId,
    finish_reason: outcome.answer.finishReason,
  };
}

/** Where a control task was answered without a call. */
export const uncalledMeta: OutputMeta = {
  provider: 'headrace',
  model: 'none',
  account: 'none',
  finish_reason: 'stop',
};

/** Bytes of UTF-8 that a prompt's material may take in every one of the models; three bytes count as a token. */
export function inputRoom(job: ControlJob, maxTokens: number): number {
  const overhead = 2_000;
  const smallest = Math.min(...job.models.map((model) => model.contextTokens));
  const tokens = smallest - maxTokens - overhead;
  if (tokens <= 0) {
    throw new HeadraceError('never_fits', {
      message: `The orchestrator model's window of ${smallest} tokens leaves no room for a brief.`,
    });
  }
  return tokens * 3;
}
