import { z } from 'zod';
import type { CallOrder, CallOutcome, ModelInfo } from '../dispatch/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { CanonicalRequest } from '../protocol/index.ts';
import type { Task, TaskContext } from '../queue/index.ts';
import type { Activity } from './activity.ts';
import { chooseModels } from './choose-models.ts';
import type { TaskWork } from './workers-deps.ts';
import { writePrompt } from './write-prompt.ts';

/** A task waits so long for capacity in its slot; a longer wait belongs to the queue, which frees the slot. */
const maxWaitMs = 5_000;
/** One call with all its waiting takes at most so long, in ms. */
const callMs = 15 * 60_000;
/** Bytes of UTF-8 per token that fitting counts on: few enough for Vietnamese and for code. */
const bytesPerToken = 3;
/** Tokens left free for what a vendor adds around the messages. */
const spareTokens = 512;
/** From this many refusals on capacity is held back for the task. */
const refusalsToHold = 3;

const runSettings = z.object({
  models: z.array(z.string()).default([]),
  temperature: z.number().nullish(),
});

/** Step ⑮. Writes the prompt of a claimed task and calls its model with `room` times its output cap; throws what dispatch throws. */
export async function callModel(
  deps: TaskWork,
  activity: Activity,
  { room = 1 } = {},
): Promise<CallOutcome> {
  const context = await deps.readContext(activity.claim);
  activity.traceId = context.traceId;
  activity.signal.throwIfAborted();
  if (context.remainingMs !== null && context.remainingMs <= 0) {
    throw new HeadraceError('deadline_passed');
  }
  const task = { ...context.task, maxTokens: context.task.maxTokens * room };
  return await deps.dispatch.call(orderOf(deps, activity, { ...context, task }));
}

function orderOf(deps: TaskWork, activity: Activity, context: TaskContext): CallOrder {
  const { fencingToken } = activity.claim;
  const { task } = context;
  const settings = runSettings.parse(context.settings);
  const models = chooseModels(deps.dispatch, task, settings.models);
  const [first] = models;
  if (!first) throw new HeadraceError('no_accounts');
  const request = requestOf(context, first, settings.temperature ?? null);
  const needed = inputTokens(request) + task.maxTokens;
  return {
    // The prompt was cut to the window of the first; a fallback with a smaller one would reject it.
    models: models
      .filter((model) => model === first || model.contextTokens >= needed)
      .map((model) => model.id),
    request,
    tenantId: task.tenantId,
    lane: task.lane,
    owner: { runId: task.runId, taskId: task.id, fencingToken },
    deadlineAt: deps.clock.now() + Math.min(callMs, context.remainingMs ?? callMs),
    maxWaitMs,
    holdsCapacity: task.refusals >= refusalsToHold,
    signal: activity.signal,
    onEvent: () => {
      activity.lastSignAt = deps.clock.now();
    },
  };
}

function requestOf(
  context: TaskContext,
  model: ModelInfo,
  temperature: number | null,
): Omit<CanonicalRequest, 'model'> {
  const { task } = context;
  const inputBytes = (model.contextTokens - task.maxTokens - spareTokens) * bytesPerToken;
  return {
    messages: writePrompt(context, { inputBytes }),
    maxOutputTokens: Math.min(task.maxTokens, model.maxOutputTokens),
    ...(temperature === null ? {} : { temperature }),
    ...outputOf(task),
  };
}

function outputOf(task: Task): Pick<CanonicalRequest, 'output'> {
  if (!task.outputSchema) return {};
  return { output: { type: 'json_schema', name: 'answer', schema: task.outputSchema } };
}

function inputTokens(request: Pick<CanonicalRequest, 'messages'>): number {
  const bytes = request.messages.reduce((sum, each) => sum + Buffer.byteLength(each.content), 0);
  return Math.ceil(bytes / bytesPerToken);
}
