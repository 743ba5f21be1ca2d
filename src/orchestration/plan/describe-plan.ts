import type { Task } from '../../queue/index.ts';
import type { PlanTaskDocument } from '../documents.ts';

/** What a task's place in a plan is told from; a task that is not stored yet has all of it too. */
export type Describable = Pick<
  Task,
  | 'id'
  | 'key'
  | 'kind'
  | 'title'
  | 'instruction'
  | 'dependsOn'
  | 'acceptance'
  | 'maxTokens'
  | 'required'
  | 'artifactPath'
  | 'models'
  | 'memberOf'
  | 'lane'
  | 'status'
>;

/** A plan as people read and write it; a panel stands for its members. */
export function describePlan(tasks: readonly Describable[]): PlanTaskDocument[] {
  const keys = new Map(tasks.map((task) => [task.id, task.key]));
  return tasks
    .filter((task) => task.kind !== 'member')
    .map((task) => {
      const members = tasks.filter((other) => other.memberOf === task.id);
      // What a panel is made from stands at its members.
      const inputs = (members[0] ?? task).dependsOn;
      const { id, key, title, instruction, acceptance, required, lane, status } = task;
      return {
        ...{ key, title, instruction },
        kind: kindOf(task),
        deps: inputs.map((input) => ({ id: keys.get(input.id) ?? input.id, uses: input.uses })),
        acceptance,
        max_tokens: task.maxTokens,
        required,
        path: task.artifactPath,
        models: members.length > 0 ? members.flatMap((member) => member.models) : task.models,
        panel: members.length,
        id,
        depends_on: task.dependsOn.map((input) => input.id),
        ...{ lane, status },
      };
    });
}

function kindOf(task: Describable): PlanTaskDocument['kind'] {
  if (task.kind === 'research') return 'research';
  return task.artifactPath === null ? 'section' : 'file';
}

/** Whether two plans ask for the same, whatever their tasks' ids and states are. */
export function samePlan(
  one: readonly PlanTaskDocument[],
  other: readonly PlanTaskDocument[],
): boolean {
  return JSON.stringify(one.map(asked)) === JSON.stringify(other.map(asked));
}

function asked(task: PlanTaskDocument) {
  const { id: _, depends_on: __, lane: ___, status: ____, ...what } = task;
  return what;
}
