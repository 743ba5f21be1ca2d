import type { AnsweredTask } from './results.ts';

/**
 * The task that a judge means. Models write `t3`, but also "section t3", a title, or only a criterion
 * that names one; a defect that nobody could place would be lost.
 */
export function findNamedTask(
  tasks: readonly AnsweredTask[],
  named: { task_id: string; criterion: string },
): AnsweredTask | undefined {
  const words = new Set(named.task_id.split(/[^\w.-]+/));
  const text = named.task_id.trim().toLowerCase();
  return (
    tasks.find((task) => task.key === named.task_id || task.id === named.task_id) ??
    tasks.find((task) => words.has(task.key) || words.has(task.id)) ??
    tasks.find((task) => text.includes(task.title.toLowerCase())) ??
    tasks.find(
      (task) =>
        named.criterion.includes(`“${task.title}”`) || named.criterion.includes(`"${task.title}"`),
    )
  );
}
