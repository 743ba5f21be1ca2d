import type { RunStatus } from '../documents.ts';
import { type Draft, hasEnded } from './draft.ts';
import { endRun, endWithBest } from './ending.ts';
import { concludeWork } from './running.ts';
import type { TaskState } from './state.ts';
import { currentWork, isEnded, latest, openWork } from './task-groups.ts';
import { runEndsAt, workEndsAt } from './time-limits.ts';

const finishing: readonly RunStatus[] = ['merging', 'judging'];

/** Time is over for work: merge what exists. Time is over for merging and judging: end with what exists. */
export function cutByTime(draft: Draft): void {
  const { run, now } = draft;
  // A paused run's time stands still.
  if (hasEnded(run.status) || run.status === 'paused') return;
  if (finishing.includes(run.status)) {
    if (now >= runEndsAt(run)) endLate(draft);
  } else if (now >= workEndsAt(run)) {
    cutWork(draft);
  }
}

function cutWork(draft: Draft): void {
  const open = openWork(draft);
  noteCut(draft, {
    code: 'deadline_passed',
    message: `The time-out of ${Math.round(draft.run.settings.timeout_ms / 1000)} s cut ${countTasks(open.length, 'unfinished')}.`,
    tasks: open,
  });
  for (const task of draft.tasks.values()) {
    if (!isEnded(task)) cancel(draft, task, 'The time-out of the run has passed.');
  }
  if (draft.run.verdict) endWithBest(draft);
  else concludeWork(draft);
}

function endLate(draft: Draft): void {
  const merge = latest(draft, 'merge');
  if (draft.run.verdict) {
    endWithBest(draft);
    return;
  }
  if (merge?.status === 'succeeded') draft.decision.keepResultOf = merge.id;
  endRun(draft, 'failed', {
    code: 'deadline_passed',
    message: 'The time-out passed before the result was judged.',
  });
}

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
    cancel(draft, task, 'The budget is exhausted.');
  }
  const plan = latest(draft, 'plan');
  if (plan && !isEnded(plan)) cancel(draft, plan, 'The budget is exhausted.');
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

function countTasks(count: number, kind?: string): string {
  return [String(count), ...(kind ? [kind] : []), count === 1 ? 'task' : 'tasks'].join(' ');
}

function noteCut(
  draft: Draft,
  cut: { code: string; message: string; tasks: readonly TaskState[] },
): void {
  const { code, message } = cut;
  if (draft.run.failure === null) draft.patch({ failure: { code, message } });
  draft.record('budget.cut', {
    code,
    message,
    tasks: cut.tasks.map((task) => ({ id: task.id, key: task.key, title: task.title })),
    kept: currentWork(draft).filter((task) => task.status === 'succeeded').length,
  });
}

function cancel(draft: Draft, task: TaskState, reason: string): void {
  if (task.status === 'running' || task.status === 'assigned') draft.decision.stopCalls = true;
  draft.settle({ taskId: task.id, status: 'cancelled', reason });
}
