/**
 * Tasks in the order in which their sections are to be read. `order` names keys; a task that it does not
 * name stays behind the task that it followed in the plan, and unknown or repeated keys change nothing.
 */
export function orderForReading<T extends { key: string }>(
  tasks: readonly T[],
  order: readonly string[],
): T[] {
  const rank = new Map([...new Set(order)].map((key, index) => [key, index]));
  // Each named task with the unnamed ones that follow it; what comes before the first named one leads.
  const groups: { rank: number; tasks: T[] }[] = [{ rank: -1, tasks: [] }];
  for (const task of tasks) {
    const named = rank.get(task.key);
    if (named !== undefined) groups.push({ rank: named, tasks: [task] });
    else groups.at(-1)?.tasks.push(task);
  }
  return groups.toSorted((one, other) => one.rank - other.rank).flatMap((group) => group.tasks);
}
