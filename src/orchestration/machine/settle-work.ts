import type { Draft } from './draft.ts';
import type { TaskState } from './state.ts';
import { isEnded, isWork } from './task-groups.ts';

/**
 * Makes tasks ready whose inputs have ended, and cancels those whose needed input will never come.
 * A dependency that was not required and failed is simply missing from its dependants' inputs.
 * `startable` bounds the output tokens of what becomes ready, the longest chains first.
 */
export function settleWork(draft: Draft, startable = Number.POSITIVE_INFINITY): void {
  const ready: TaskState[] = [];
  // Stored order is topological: one pass carries a cancellation to the end of its chain.
  for (const task of draft.tasks.values()) {
    if (!isWork(task) || task.status !== 'pending') continue;
    const lost = lostInput(draft, task);
    if (lost) {
      draft.settle({
        taskId: task.id,
        status: 'cancelled',
        reason: `dependency_failed: it needs "${lost.title}" (${lost.key}), which did not succeed.`,
      });
    } else if (task.dependsOn.every((dependency) => hasEnded(draft, dependency.id))) {
      ready.push(task);
    }
  }
  let left = startable;
  for (const task of ready.sort((one, other) => other.criticalPath - one.criticalPath)) {
    const cost = task.kind === 'panel' ? 0 : task.maxTokens;
    if (cost > left) continue;
    left -= cost;
    draft.settle({ taskId: task.id, status: 'ready' });
  }
}

/** The dependency without which the task cannot run, if there is one. */
function lostInput(draft: Draft, task: TaskState): TaskState | undefined {
  const inputs = task.dependsOn.flatMap((dependency) => draft.tasks.get(dependency.id) ?? []);
  if (task.kind === 'panel') {
    // A member that fails costs its answer only; a panel is lost when nobody is left to answer.
    const lost = inputs.every((input) => isEnded(input) && input.status !== 'succeeded');
    return lost ? inputs[0] : undefined;
  }
  return inputs.find(
    (input) => input.required && (input.status === 'failed' || input.status === 'cancelled'),
  );
}

function hasEnded(draft: Draft, taskId: string): boolean {
  const task = draft.tasks.get(taskId);
  return task === undefined || isEnded(task);
}
