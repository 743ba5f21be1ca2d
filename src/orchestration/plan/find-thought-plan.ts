import type { PlanItem } from './planned-task.ts';
import { createPlanScanner, type Scanned } from './scan-plan.ts';

/**
 * The plan that a model's reasoning ends with, where the answer beside it has none. A thought drafts
 * before it decides: only what follows its last criteria counts, since a plan begins with them.
 */
export function findThoughtPlan(thought: string): Scanned {
  const scanner = createPlanScanner();
  const read = [scanner.push(thought), scanner.end()];
  const items = read.flatMap((scanned) => scanned.items);
  const plan = items.slice(lastStart(items));
  if (!plan.some((item) => item.type === 'task')) return { items: [], repairs: [], broken: [] };
  const message = 'The plan stood in the thoughts of the model, with nothing beside them.';
  return {
    items: plan,
    repairs: [
      { what: 'thinking', where: 'plan', message },
      ...read.flatMap((scanned) => scanned.repairs),
    ],
    broken: [],
  };
}

/** Where the last criteria stand that tasks follow; the beginning where there are none. */
function lastStart(items: readonly PlanItem[]): number {
  const lastTask = items.findLastIndex((item) => item.type === 'task');
  const start = items.findLastIndex((item, at) => item.type === 'criteria' && at < lastTask);
  return Math.max(0, start);
}
