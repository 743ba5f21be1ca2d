import { createHash } from 'node:crypto';
import type { Dependency, ReworkNote } from '../../queue/index.ts';
import type { Defect } from '../../results/index.ts';
import type { Draft } from './draft.ts';
import type { TaskState } from './state.ts';
import { currentWork, isEnded } from './task-groups.ts';

/**
 * Supersedes the tasks that the judge named, and everything that read them. Answers whether there was
 * anything to send back; nothing that ended is reopened.
 */
export function orderRework(draft: Draft, defects: readonly Defect[], round: number): boolean {
  const notes = notesByTask(draft, defects);
  const affected = withDependants(draft, new Set(notes.keys()));
  const named = affected.filter((task) => notes.has(task.id));
  if (named.length === 0) return false;
  const successors = new Map(affected.map((task) => [task.id, draft.newTaskId()]));
  draft.record('rework.ordered', {
    round,
    tasks: named.map((task) => task.id),
    dependants: affected.length - named.length,
    defects: defects.length,
  });
  for (const task of affected) supersedeTask(draft, task, { notes, successors });
  return true;
}

/** Defects of tasks that can be done again; a judge may name anything. */
function notesByTask(draft: Draft, defects: readonly Defect[]): Map<string, ReworkNote[]> {
  const reworkable = new Map(
    currentWork(draft)
      .filter((task) => isEnded(task))
      .map((task) => [task.id, task]),
  );
  const notes = new Map<string, ReworkNote[]>();
  const seen = new Set<string>();
  for (const { task_id, criterion, fix } of defects) {
    const task = reworkable.get(task_id);
    const hash = hashOf(task_id, { criterion, fix });
    // Told the same once already and not mended: a third time would not help either.
    const told = task?.rework.some((note) => hashOf(task_id, note) === hash) ?? false;
    if (!task || told || seen.has(hash)) continue;
    seen.add(hash);
    notes.set(task_id, [...(notes.get(task_id) ?? []), { criterion, fix }]);
  }
  return notes;
}

function hashOf(taskId: string, { criterion, fix }: ReworkNote): string {
  return createHash('sha256').update(`${taskId}\0${criterion}\0${fix}`).digest('hex');
}

/**
 * The named tasks and all that depend on them, in stored order, panels standing for their members. What
 * lacks an input that stays lost is no part of it: done again it would be cancelled at once, and whatever
 * reads it would wait for a task that never was.
 */
function withDependants(draft: Draft, named: ReadonlySet<string>): TaskState[] {
  const affected = new Set<string>();
  // Stored order is topological, and members come before their panel.
  for (const task of draft.tasks.values()) {
    const reads = task.dependsOn.some((dependency) => affected.has(dependency.id));
    if (!reads && !named.has(task.id)) continue;
    const kept = inputsOf(draft, task).filter(({ id }) => !affected.has(id));
    if (!kept.some(({ id }) => isLost(draft.tasks.get(id)))) affected.add(task.id);
  }
  return currentWork(draft).filter((task) => affected.has(task.id));
}

/** Nobody can do without it, and it will not come. */
function isLost(task: TaskState | undefined): boolean {
  return task?.required === true && ['failed', 'cancelled'].includes(task.status);
}

function supersedeTask(
  draft: Draft,
  task: TaskState,
  order: { notes: Map<string, ReworkNote[]>; successors: Map<string, string> },
): void {
  const id = order.successors.get(task.id) ?? draft.newTaskId();
  const dependsOn = inputsOf(draft, task).map((dependency) => ({
    ...dependency,
    id: order.successors.get(dependency.id) ?? dependency.id,
  }));
  draft.supersede({
    supersedes: task.id,
    id,
    // One model mends what a panel answered: the comparison has already been paid for.
    kind: task.kind === 'panel' ? panelResultKind(task) : task.kind,
    dependsOn,
    rework: order.notes.get(task.id) ?? [],
    status: 'pending',
  });
}

function panelResultKind(task: TaskState) {
  return task.artifact ? 'file' : 'section';
}

/** A panel's own dependencies are its members; what the answer was made from are theirs. */
function inputsOf(draft: Draft, task: TaskState): Dependency[] {
  if (task.kind !== 'panel') return task.dependsOn;
  const member = [...draft.tasks.values()].find((other) => other.memberOf === task.id);
  return member?.dependsOn ?? [];
}
