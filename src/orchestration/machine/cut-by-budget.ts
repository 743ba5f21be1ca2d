import type { Draft } from './draft.ts';
import { countTasks, noteCut } from './note-cut.ts';
import type { TaskState } from './state.ts';
import { isEnded, latest, openWork } from './task-groups.ts';

/**
 * A call was refused because the budget does not cover it: nothing new begins, what runs may finish,
 * and the rest of the money is for merging and judging.
 */
export function cutByBudget(draft: Draft): void {
  const { run } = draft;
  if (run.failure !== null || (run.status !== 'running' && run.status !== 'planning')) return;
  const refused = [...draft.tasks.values()].find(
    (task) =>
      task.failure?.code === 'budget_exhausted' &&
      task.status === 'failed' &&
      !isSpareMember(draft, task),
  );
  if (!refused) return;
  const dropped = openWork(draft).filter((task) => task.status !== 'running');
  noteCut(draft, {
    code: 'budget_exhausted',
    message: sayUncovered(refused, dropped.length),
    tasks: [refused, ...dropped],
  });
  for (const task of dropped) {
    // Members that run still answer, and their panel compares what there is.
    if (task.kind === 'panel') continue;
    draft.cancel(task, 'The budget is exhausted.');
  }
  const plan = latest(draft, 'plan');
  if (plan && !isEnded(plan)) draft.cancel(plan, 'The budget is exhausted.');
}

/** A member of a panel that another one has answered or still may: the panel compares fewer and says so. */
function isSpareMember(draft: Draft, task: TaskState): boolean {
  if (task.memberOf === null) return false;
  return [...draft.tasks.values()].some(
    (other) =>
      other.memberOf === task.memberOf &&
      other.id !== task.id &&
      (other.status === 'succeeded' || !isEnded(other)),
  );
}

function sayUncovered(refused: TaskState, dropped: number): string {
  const said = `The budget did not cover "${refused.title}"`;
  if (dropped === 0) return `${said}.`;
  return `${said}; ${countTasks(dropped)} ${dropped === 1 ? 'was' : 'were'} not begun.`;
}
