import type { PlanDocument } from './plan-document.ts';
import type { WrittenTask } from './read-plan-file.ts';

/** One change of a running plan, as `PATCH …/plan` takes it. */
export type PlanOperation =
  | { op: 'add'; task: WrittenTask }
  | { op: 'change'; id: string; set: Partial<WrittenTask> }
  | { op: 'cancel'; id: string };

export interface PlannedOperation {
  operation: PlanOperation;
  /** Where in the written plan it comes from, such as `tasks[2]`; empty for what was taken out. */
  place: string;
}

/**
 * What leads from a plan to the one that was written, by the tasks' ids: a new id adds, a missing one
 * cancels, other fields change. Added first, for what is there may read it wherever it was written; cancelled
 * last and from the end on, for a task that others read stays until they are gone.
 */
export function planOperations(
  plan: PlanDocument,
  written: readonly WrittenTask[],
): PlannedOperation[] {
  const kept = new Set(written.map((task) => task.id));
  const changes = written.flatMap((task, index): PlannedOperation[] => {
    const before = plan.tasks.find(({ key }) => key === task.id);
    const place = `tasks[${index}]`;
    if (!before) return [{ place, operation: { op: 'add', task } }];
    const set = differences(before, task);
    if (Object.keys(set).length === 0) return [];
    return [{ place, operation: { op: 'change', id: task.id, set } }];
  });
  const cancels = plan.tasks
    .filter((task) => !kept.has(task.key))
    .toReversed()
    .map(({ key: id }): PlannedOperation => ({ place: '', operation: { op: 'cancel', id } }));
  const isAdded = ({ operation }: PlannedOperation) => operation.op === 'add';
  const [added, changed] = [changes.filter(isAdded), changes.filter((each) => !isAdded(each))];
  return [...added, ...changed, ...cancels];
}

function differences(
  before: PlanDocument['tasks'][number],
  { id: _, ...task }: WrittenTask,
): Partial<WrittenTask> {
  const written = { ...task, panel: task.panel ?? 0 };
  const old: Record<string, unknown> = before;
  return Object.fromEntries(
    Object.entries(written).filter(
      ([field, value]) => value !== undefined && !alike(value, old[field]),
    ),
  );
}

/** Texts are compared without the blank ends that the file does not keep. */
function alike(one: unknown, other: unknown): boolean {
  const plain = (value: unknown) =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.trim() : part));
  return plain(one) === plain(other);
}
