import type { RunFailure } from '../documents.ts';
import type { Draft } from './draft.ts';
import type { TaskState } from './state.ts';
import { currentWork } from './task-groups.ts';

export interface Cut {
  code: 'deadline_passed' | 'budget_exhausted';
  /** A sentence or two for the person whose run it is. */
  message: string;
  /** What was not done, or not to its end. */
  tasks?: readonly TaskState[];
}

/** Whether what failed did so for want of money, tokens or time, which the run's failure then says. */
export function isCut(code: string): code is Cut['code'] {
  return code === 'deadline_passed' || code === 'budget_exhausted';
}

/** Says what was cut and why, in the run's history and, behind what was cut before, in its failure. */
export function noteCut(draft: Draft, { code, message, tasks = [] }: Cut): void {
  noteFailure(draft, { code, message });
  draft.record('budget.cut', {
    code,
    message,
    tasks: tasks.map((task) => ({ id: task.id, key: task.key, title: task.title })),
    kept: currentWork(draft).filter((task) => task.status === 'succeeded').length,
  });
}

/** Says what went wrong behind what the run's failure says already; the first code stays. */
export function noteFailure(draft: Draft, { code, message }: RunFailure): void {
  const before = draft.run.failure;
  draft.patch({
    failure: before ? { ...before, message: `${before.message} ${message}` } : { code, message },
  });
}

const mostNamed = 3;

/** `"A", "B", "C" and 4 more`. */
export function nameTasks(tasks: readonly Pick<TaskState, 'title'>[]): string {
  const names = tasks.slice(0, mostNamed).map(({ title }) => `"${title}"`);
  const more = tasks.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}

export function countTasks(count: number, kind?: string): string {
  return [String(count), ...(kind ? [kind] : []), count === 1 ? 'task' : 'tasks'].join(' ');
}

/** `The time-out of 60 s`. */
export function nameTimeOut({ run }: Draft): string {
  return `The time-out of ${Math.round(run.settings.timeout_ms / 1000)} s`;
}
