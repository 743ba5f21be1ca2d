import type { AnsweredTask } from './results.ts';
import { fourGrams } from './spans.ts';

/**
 * The task that a judge means. Models write `t3`, but also "section t3", a title, or only a criterion
 * that names one; a defect that nobody could place would be lost. Of several that are named it is the
 * one whose title and instruction are nearest to the criterion.
 */
export function findNamedTask(
  tasks: readonly AnsweredTask[],
  named: { task_id: string; criterion: string },
): AnsweredTask | undefined {
  const words = new Set(named.task_id.split(/[^\w.-]+/));
  const text = named.task_id.trim().toLowerCase();
  return (
    tasks.find((task) => task.key === named.task_id || task.id === named.task_id) ??
    nearest(
      tasks.filter((task) => words.has(task.key) || words.has(task.id)),
      named.criterion,
    ) ??
    tasks.find((task) => text.includes(task.title.toLowerCase())) ??
    tasks.find(
      (task) =>
        named.criterion.includes(`“${task.title}”`) || named.criterion.includes(`"${task.title}"`),
    )
  );
}

function nearest(tasks: readonly AnsweredTask[], criterion: string): AnsweredTask | undefined {
  const wanted = fourGrams(criterion);
  const shared = ({ title, instruction }: AnsweredTask) =>
    [...fourGrams(`${title} ${instruction}`)].filter((gram) => wanted.has(gram)).length;
  return tasks
    .map((task) => ({ task, shared: shared(task) }))
    .toSorted((one, other) => other.shared - one.shared)[0]?.task;
}
