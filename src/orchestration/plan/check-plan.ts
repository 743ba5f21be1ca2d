import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { PlanLine } from '../orchestration.ts';
import { storable } from '../storable.ts';
import { mostTasks } from './plan-book.ts';
import type { PlannedTask } from './planned-task.ts';
import { type ShapeRules, shapeTask } from './shape-task.ts';

/** The plan so far, as the next line finds it. */
export interface Earlier {
  keys: ReadonlySet<string>;
  paths: ReadonlySet<string>;
}

/**
 * A whole plan that a person wrote. What would be repaired in a model's plan is refused here, with its
 * path: a person can mend it. Throws `request_invalid`.
 */
export function checkPlan(lines: readonly PlanLine[], rules: ShapeRules): PlannedTask[] {
  if (lines.length === 0 || lines.length > mostTasks) {
    refuse('tasks', `The plan has ${lines.length} tasks; it needs 1 to ${mostTasks}.`);
  }
  const keys = new Set<string>();
  const paths = new Set<string>();
  return lines.map((line, index) => {
    const where = `tasks[${index}]`;
    refuseForward(lines, index);
    const planned = checkLine(line, { rules, where, earlier: { keys, paths } });
    keys.add(planned.key);
    if (planned.path !== null) paths.add(planned.path);
    return planned;
  });
}

/** One line behind others. Throws `request_invalid` naming the field below `where`. */
export function checkLine(
  line: PlanLine,
  { rules, where, earlier }: { rules: ShapeRules; where: string; earlier: Earlier },
): PlannedTask {
  const key = line.key.trim();
  if (earlier.keys.has(key)) refuse(`${where}.key`, `Another task has the key "${key}".`);
  const { task, repairs } = shapeTask(storable({ ...line }), key, rules);
  const [first] = repairs;
  if (first) refuse(`${where}.${first.field}`, `${first.wrong}.`);
  for (const [index, dep] of task.deps.entries()) {
    const path = `${where}.deps[${index}].id`;
    if (dep.key === key) refuse(path, `Task "${key}" depends on itself.`);
    if (!earlier.keys.has(dep.key)) {
      refuse(path, `There is no task "${dep.key}" before "${key}" in the plan.`);
    }
  }
  if (task.path !== null && earlier.paths.has(task.path)) {
    refuse(`${where}.path`, `Another task writes ${task.path}.`);
  }
  return task;
}

/** A dependency on a later task says which of two mistakes it is: the order, or a circle. */
function refuseForward(lines: readonly PlanLine[], index: number): void {
  const line = lines[index];
  for (const [place, dep] of (line?.deps ?? []).entries()) {
    const later = lines.findIndex((other, at) => at > index && other.key === dep.id);
    if (!line || later < 0) continue;
    const path = `tasks[${index}].deps[${place}].id`;
    if (reaches(lines, dep.id, line.key)) {
      refuse(path, `"${line.key}" and "${dep.id}" wait for each other.`);
    }
    refuse(path, `"${dep.id}" stands after "${line.key}"; a task depends on earlier ones only.`);
  }
}

function reaches(lines: readonly PlanLine[], from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === to) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(lines.find((line) => line.key === key)?.deps ?? []).map((dep) => dep.id));
  }
  return false;
}

function refuse(where: string, message: string): never {
  throw new HeadraceError('request_invalid', { message, where });
}
