import { appendEvents } from '../platform/store/append-events.ts';
import {
  type AnsweredClaim,
  collectedEvents,
  completeTasks,
  type TaskAnswer,
} from './complete-task.ts';
import type { QueueDeps } from './queue-deps.ts';
import type { Claim } from './task.ts';

/**
 * Step ⑯. Ends claimed tasks of one run with their answers and wakes the orchestrator; says of each whether
 * it was accepted, which it is not where its claim is stale.
 */
export async function recordAnswers(
  deps: QueueDeps,
  answered: readonly AnsweredClaim[],
): Promise<{ accepted: boolean }[]> {
  const runId = answered[0]?.claim.task.runId;
  if (runId === undefined) return [];
  const accepted = await deps.store.transaction('system', async (tx) => {
    const ended = await completeTasks(tx, answered);
    await appendEvents(
      tx,
      runId,
      answered.flatMap((each, index) => (ended[index] ? collectedEvents(each) : [])),
    );
    return ended;
  });
  if (accepted.includes(true)) {
    deps.store.notify('advance', runId);
    deps.store.notify('run', runId);
  }
  return accepted.map((each) => ({ accepted: each }));
}

/** Ends one claimed task with its answer. */
export async function recordAnswer(
  deps: QueueDeps,
  claim: Claim,
  answer: TaskAnswer,
): Promise<{ accepted: boolean }> {
  const [recorded] = await recordAnswers(deps, [{ claim, answer }]);
  return recorded ?? { accepted: false };
}
