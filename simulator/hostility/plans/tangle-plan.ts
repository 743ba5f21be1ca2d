import type { PlannedTask } from '../../mind/plan/planned-task.ts';
import type { Damage, Draw } from '../damage.ts';
import { changeTasks, choose } from './change-tasks.ts';

/** Plans of valid lines that do not fit together. */
export const tanglePlan = {
  'plan.unknown_dependency': changeTasks(1, (tasks, draw) => {
    choose(tasks, draw, 'task')?.deps.push({ id: 't99', uses: 'the figures' });
    return tasks;
  }),
  'plan.self_dependency': changeTasks(1, (tasks, draw) => {
    const task = choose(tasks, draw, 'task');
    task?.deps.push({ id: task.id, uses: 'what is known so far' });
    return tasks;
  }),
  'plan.forward_dependency': changeTasks(2, (tasks, draw) => {
    const [early, late] = choosePair(tasks, draw, (one, other) => !reaches(tasks, other, one));
    if (!early || !late) return undefined;
    early.deps.push({ id: late.id, uses: late.title });
    return tasks;
  }),
  'plan.cyclic_dependency': changeTasks(2, (tasks, draw) => {
    const [early, late] = choosePair(tasks, draw, () => true);
    if (!early || !late) return undefined;
    early.deps.push({ id: late.id, uses: late.title });
    if (!late.deps.some(({ id }) => id === early.id)) {
      late.deps.push({ id: early.id, uses: early.title });
    }
    return tasks;
  }),
  'plan.duplicate_ids': changeTasks(2, (tasks, draw) => {
    const [early, late] = choosePair(tasks, draw, () => true);
    if (!early || !late) return undefined;
    return tasks.map((task) => (task === late ? { ...task, id: early.id } : task));
  }),
  'plan.shuffled_ids': changeTasks(3, (tasks, draw) =>
    tasks.toSorted((one, other) => draw(one.id) - draw(other.id)),
  ),
  'plan.unknown_model': changeTasks(1, (tasks, draw) =>
    tasks.map((task) =>
      draw(task.id) < 0.6 ? { ...task, models: ['openai/gpt-7-ultra', 'claude-9'] } : task,
    ),
  ),
  'plan.foreign_fields': changeTasks(1, (tasks) => tasks.map(renameFields)),
} satisfies Record<string, Damage>;

/** Two tasks in their order that `fits`. */
function choosePair(
  tasks: readonly PlannedTask[],
  draw: Draw,
  fits: (early: PlannedTask, late: PlannedTask) => boolean,
): readonly PlannedTask[] {
  const pairs = tasks.flatMap((early, index) =>
    tasks
      .slice(index + 1)
      .filter((late) => fits(early, late))
      .map((late) => [early, late]),
  );
  return choose(pairs, draw, 'pair') ?? [];
}

/** Whether `task` waits for `goal`, directly or not. */
function reaches(tasks: readonly PlannedTask[], task: PlannedTask, goal: PlannedTask): boolean {
  return task.deps.some(({ id }) => {
    if (id === goal.id) return true;
    const next = tasks.find((other) => other.id === id);
    return next !== undefined && reaches(tasks, next, goal);
  });
}

/** The names and types that a model knows from other systems. */
function renameFields({ title, instruction, deps, acceptance, max_tokens, ...task }: PlannedTask) {
  return {
    ...task,
    kind: task.kind === 'section' ? 'chapter' : task.kind,
    name: title,
    description: instruction,
    dependencies: deps.map(({ id }) => id),
    acceptance_criteria: acceptance.join('; '),
    max_tokens: String(max_tokens),
  };
}
