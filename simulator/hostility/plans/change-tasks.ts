import type { PlannedTask } from '../../mind/plan/planned-task.ts';
import type { Damage, Draw } from '../damage.ts';

/** Damage of what the lines say, while each stays valid JSON; a plan of fewer than `fewest` tasks cannot have it. */
export function changeTasks(
  fewest: number,
  change: (tasks: PlannedTask[], draw: Draw) => readonly object[] | undefined,
): Damage {
  return ({ text }, draw) => {
    const lines: object[] = text.split('\n').map((line) => JSON.parse(line));
    const tasks = lines.filter(isTask);
    if (tasks.length < fewest) return undefined;
    const changed = change(tasks, draw);
    if (changed === undefined) return undefined;
    const first = lines.filter((line) => 'criteria' in line);
    const last = lines.filter((line) => 'end' in line);
    return { text: [...first, ...changed, ...last].map((line) => JSON.stringify(line)).join('\n') };
  };
}

function isTask(line: object): line is PlannedTask {
  return 'id' in line;
}

/** One of several, by the draw. */
export function choose<T>(choices: readonly T[], draw: Draw, purpose: string): T | undefined {
  return choices[Math.floor(draw(purpose) * choices.length)];
}
