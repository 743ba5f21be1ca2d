import type { Task } from '../../queue/index.ts';

const planned = new Set(['section', 'file', 'research', 'member', 'panel']);

/** The plan in its latest revision, members included; a successor stands where the task stood whose place it took. */
export function currentPlan(all: readonly Task[]): Task[] {
  const byId = new Map(all.map((task) => [task.id, task]));
  const replaced = new Set(all.flatMap((task) => task.supersedes ?? []));
  const place = (task: Task): number => {
    const before = task.supersedes ? byId.get(task.supersedes) : undefined;
    return before ? place(before) : task.ordinal;
  };
  return (
    all
      // What a person took out of the plan is superseded by nothing.
      .filter((task) => planned.has(task.kind) && task.status !== 'superseded')
      .filter((task) => !replaced.has(task.id))
      // Members of a panel that one successor replaced have nobody left to answer for.
      .filter((task) => task.memberOf === null || !replaced.has(task.memberOf))
      .toSorted((one, other) => place(one) - place(other))
  );
}
