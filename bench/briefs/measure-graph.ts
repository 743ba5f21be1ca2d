/** Depth: tasks on the longest chain. Width: tasks on the fullest level. */
export function measureGraph(tasks: readonly { id: string; depends_on: readonly string[] }[]): {
  depth: number;
  width: number;
} {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const levels = new Map<string, number>();
  const levelOf = (id: string): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    const before = (byId.get(id)?.depends_on ?? []).filter((other) => byId.has(other));
    const level = 1 + Math.max(0, ...before.map(levelOf));
    levels.set(id, level);
    return level;
  };
  const fullness = new Map<number, number>();
  for (const { id } of tasks) fullness.set(levelOf(id), (fullness.get(levelOf(id)) ?? 0) + 1);
  return { depth: Math.max(0, ...levels.values()), width: Math.max(0, ...fullness.values()) };
}
