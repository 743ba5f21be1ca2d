interface Link {
  id: string;
  maxTokens: number;
  dependsOn: readonly { id: string }[];
}

/**
 * Length of the longest chain of dependants in output tokens, each task included. `tasks` are in an
 * order in which each depends on earlier ones only.
 */
export function criticalPaths(tasks: readonly Link[]): Map<string, number> {
  const below = new Map<string, number>();
  const lengths = new Map<string, number>();
  for (const task of tasks.toReversed()) {
    const length = task.maxTokens + (below.get(task.id) ?? 0);
    lengths.set(task.id, length);
    for (const { id } of task.dependsOn) below.set(id, Math.max(below.get(id) ?? 0, length));
  }
  return lengths;
}
