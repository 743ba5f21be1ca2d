import type { Task } from '../../queue/index.ts';

/** An accepted task as the line of the plan that it was, for whoever goes on with the plan. */
export function writePlanLine(task: Task, byId: ReadonlyMap<string, Task>): string {
  const member = [...byId.values()].find((other) => other.memberOf === task.id);
  const { key: id, title, instruction, acceptance, required, artifactPath: path } = task;
  const kind = task.kind === 'panel' ? (path === null ? 'section' : 'file') : task.kind;
  // What a panel was made from stands at its members.
  const deps = (member ?? task).dependsOn.flatMap((dependency) => {
    const input = byId.get(dependency.id);
    return input ? [{ id: input.key, uses: dependency.uses }] : [];
  });
  return JSON.stringify({
    ...{ id, title, instruction, kind, deps, acceptance },
    max_tokens: task.maxTokens,
    ...{ required, path },
  });
}
