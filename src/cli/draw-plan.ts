import { drawTable } from './draw-table.ts';
import type { PlanDocument } from './plan-document.ts';
import { formatCount } from './printable.ts';

/** A plan as a table, one line per task. */
export function drawPlan(plan: PlanDocument): string {
  return drawTable(
    ['TASK', 'TITLE', 'KIND', 'AFTER', 'MODELS', 'TOKENS'],
    plan.tasks.map((task) => [
      task.key,
      task.title.replace(/\s+/g, ' '),
      task.panel > 1 ? `${task.kind} ×${task.panel}` : task.kind,
      task.deps.map(({ id }) => id).join(' '),
      task.models.length === 0 ? 'any' : task.models.join(', '),
      formatCount(task.max_tokens),
    ]),
  );
}
