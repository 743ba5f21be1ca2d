import type { AnsweredTask } from './results.ts';

/** Sections, files, and research that nobody reads on: nothing is dropped in silence. */
export function shownTasks(tasks: readonly AnsweredTask[]): AnsweredTask[] {
  const answered = tasks.filter((task) => task.output !== null);
  const readers = new Set(answered.flatMap((task) => task.dependsOn));
  return answered.filter((task) => task.kind !== 'research' || !readers.has(task.id));
}

/** Findings alone make no document: the orchestrator model writes one text out of them. */
export function isSynthesised(shown: readonly AnsweredTask[]): boolean {
  return shown.length > 1 && shown.every((task) => task.kind === 'research');
}
