import type { TaskKind, TaskStatus } from '../../queue/index.ts';
import type { Draft } from './draft.ts';
import type { TaskState } from './state.ts';

const endedStatuses: readonly TaskStatus[] = ['succeeded', 'failed', 'superseded', 'cancelled'];

export function isEnded(task: TaskState): boolean {
  return endedStatuses.includes(task.status);
}

const workKinds: readonly TaskKind[] = ['section', 'file', 'research', 'member', 'panel'];

/** Tasks of the plan: everything but clarify, plan, merge and judge. A panel stands for its members. */
export function isWork(task: TaskState): boolean {
  return workKinds.includes(task.kind);
}

/** The plan's tasks in their current revision, panels without their members. */
export function currentWork(draft: Draft): TaskState[] {
  const tasks = [...draft.tasks.values()];
  // A cancelled task keeps its status when another takes over; the pointer tells.
  const replaced = new Set(tasks.flatMap((task) => task.supersedes ?? []));
  return tasks.filter(
    (task) =>
      isWork(task) &&
      task.kind !== 'member' &&
      // What a person took out of the plan is superseded by nothing.
      task.status !== 'superseded' &&
      !replaced.has(task.id),
  );
}

/** All tasks of the plan that have not ended, members included. */
export function openWork(draft: Draft): TaskState[] {
  return [...draft.tasks.values()].filter((task) => isWork(task) && !isEnded(task));
}

/** The latest control task of a kind, or `undefined` where there was none yet. */
export function latest(draft: Draft, kind: TaskKind): TaskState | undefined {
  return [...draft.tasks.values()].findLast((task) => task.kind === kind);
}

/** A finding of the given kind, if the task ended with one. */
export function findingOf<K extends NonNullable<TaskState['finding']>['kind']>(
  task: TaskState,
  kind: K,
): Extract<NonNullable<TaskState['finding']>, { kind: K }> | null {
  const { finding } = task;
  if (finding?.kind !== kind) return null;
  return finding as Extract<NonNullable<TaskState['finding']>, { kind: K }>;
}
