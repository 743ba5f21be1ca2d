import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { NewTask, Task } from '../../queue/index.ts';
import type { PlanFields, PlanLine, PlanOperation } from '../orchestration.ts';
import { checkLine, type Earlier } from './check-plan.ts';
import { describePlan } from './describe-plan.ts';
import type { Expanded } from './expand-task.ts';
import { isOpen, mustMove, standsBehindInputs, waitingFor } from './move-behind.ts';
import { mostTasks } from './plan-book.ts';
import { type TailPiece, tailOf } from './plan-tail.ts';
import type { PlannedTask } from './planned-task.ts';
import type { ShapeRules } from './shape-task.ts';

/** A plan's tasks as the operations so far leave them. */
export interface PatchedPlan {
  /** Ids of stored tasks that are taken out, members included. */
  readonly removed: string[];
  readonly added: NewTask[];
  /** What every operation did, in order, for the record. */
  readonly said: {
    taskId: string;
    operation: string;
    key: string;
    title: string;
    fields: string[];
  }[];
  /** Stored tasks whose texts, inputs or bounds are others now. */
  changed(): Task[];
  /** Everything that is left, in an order in which each depends on earlier ones only. */
  current(): (Task | NewTask)[];
  /** The end of it: what is added, and what was stored before and now reads something that stands behind it. */
  tail(): TailPiece[];
  /** Throws `request_invalid`, `not_found`, or `conflict` for a task that was begun. */
  apply(operation: PlanOperation, where: string): void;
}

interface PatchContext {
  rules: ShapeRules;
  expand(planned: PlannedTask, ids: ReadonlyMap<string, string>, where: string): Expanded;
}

interface PatchState extends PatchContext {
  /** Stored tasks that are left, as they are to be. */
  tasks: Map<string, Task>;
  touched: Set<string>;
  order: { ids: string[]; moved: Set<string> };
  patch: PatchedPlan;
}

export function openPatch(stored: readonly Task[], context: PatchContext): PatchedPlan {
  const tasks = new Map(stored.map((task) => [task.id, task]));
  const touched = new Set<string>();
  const order = { ids: [...tasks.keys()], moved: new Set<string>() };
  const patch: PatchedPlan = {
    removed: [],
    added: [],
    said: [],
    changed: () => [...tasks.values()].filter((task) => touched.has(task.id)),
    current() {
      const added = new Map(patch.added.map((task) => [task.id, task]));
      return order.ids.flatMap((id) => tasks.get(id) ?? added.get(id) ?? []);
    },
    tail: () => tailOf(patch.current(), { added: patch.added, moved: order.moved }),
    apply(operation, where) {
      const state = { ...context, tasks, touched, order, patch };
      if (operation.op === 'add') add(state, operation.task, where);
      else if (operation.op === 'change') change(state, operation, where);
      else cancel(state, operation.id, where);
    },
  };
  return patch;
}

function say(
  { patch }: PatchState,
  task: Task | NewTask,
  { operation, fields = [] }: { operation: string; fields?: string[] },
): void {
  const { id: taskId, key, title } = task;
  patch.said.push({ taskId, operation, key, title, fields });
}

function add(state: PatchState, line: PlanLine, where: string): void {
  const { patch, rules } = state;
  const current = patch.current();
  if (describePlan(current).length >= mostTasks) {
    refuse(where, `A plan has at most ${mostTasks} tasks.`);
  }
  const earlier = othersThan(current, null);
  const planned = checkLine(line, { rules, where: `${where}.task`, earlier });
  const expanded = state.expand(planned, idsOf(current), `${where}.task`);
  patch.added.push(...expanded.tasks);
  state.order.ids.push(...expanded.tasks.map(({ id }) => id));
  const task = expanded.tasks.find(({ id }) => id === expanded.id);
  if (task) say(state, task, { operation: 'add' });
}

function change(
  state: PatchState,
  { id, set }: { id: string; set: PlanFields },
  where: string,
): void {
  const { tasks, rules } = state;
  const task = findOpen(tasks, id, `${where}.id`);
  const members = membersOf(tasks, task);
  refusePanelChange(set, members, where);
  const current = state.patch.current();
  refuseCircle(current, task, { set, where });
  const planned = checkLine(lineOf(current, task, set), {
    rules,
    where: `${where}.set`,
    earlier: othersThan(current, task),
  });
  const inputs = inputsOf(planned, idsOf(current));
  for (const each of [task, ...members]) {
    tasks.set(each.id, rewrite(each, planned, inputs));
    state.touched.add(each.id);
  }
  keepOrder(state, [task, ...members], where);
  say(state, task, { operation: 'change', fields: Object.keys(set) });
}

/** What waits for the task cannot be what it waits for. */
function refuseCircle(
  current: readonly (Task | NewTask)[],
  task: Task,
  { set, where }: { set: PlanFields; where: string },
): void {
  const waiting = new Set(waitingFor(current, task).map(({ key }) => key));
  const index = (set.deps ?? []).findIndex(({ id }) => id !== task.key && waiting.has(id));
  const dep = set.deps?.[index];
  if (!dep) return;
  refuse(`${where}.set.deps[${index}].id`, `"${task.key}" and "${dep.id}" wait for each other.`);
}

/** A task that now reads what stands behind it moves there, and with it what waits for it. */
function keepOrder({ order, patch }: PatchState, changed: readonly Task[], where: string): void {
  const current = patch.current();
  const ids = new Set(changed.map(({ id }) => id));
  const placed = current.filter(({ id }) => ids.has(id));
  const [task] = changed;
  const last = placed.find(({ id }) => id === task?.id);
  if (!last || placed.every((each) => standsBehindInputs(current, each))) return;
  const moving = mustMove(current, last);
  const isNew = ({ id }: { id: string }) => patch.added.some((each) => each.id === id);
  const successor = moving.find((each) => each.supersedes !== null && !isNew(each));
  // A successor stands where the task stood that it does again, in this and every later reading of the plan.
  if (successor) {
    const message = `"${successor.title}" (${successor.key}) is done again in its old place, so it reads only what stands before it.`;
    refuse(`${where}.set.deps`, message);
  }
  order.ids = [...current.filter((each) => !moving.includes(each)), ...moving].map(({ id }) => id);
  for (const each of moving.filter((task) => !isNew(task))) order.moved.add(each.id);
}

function refusePanelChange(set: PlanFields, members: readonly Task[], where: string): void {
  if (members.length > 0 && (set.models || set.panel !== undefined || set.kind)) {
    refuse(`${where}.set`, 'A panel keeps its models and its kind; cancel it and add another one.');
  }
  if (set.panel !== undefined) {
    refuse(`${where}.set.panel`, 'A task becomes no panel; cancel it and add one.');
  }
}

/** A task with the texts of its line; a panel and its members keep what makes them a panel. */
function rewrite(task: Task, planned: PlannedTask, inputs: Task['dependsOn']): Task {
  const { title, instruction, acceptance, maxTokens, path } = planned;
  const texts = { title, instruction, acceptance, maxTokens, artifactPath: path };
  if (task.kind === 'panel') return { ...task, ...texts, required: planned.required };
  if (task.kind === 'member') return { ...task, ...texts, dependsOn: inputs };
  const { kind, required, models } = planned;
  return { ...task, ...texts, ...{ kind, required, models }, dependsOn: inputs };
}

function cancel(state: PatchState, id: string, where: string): void {
  const { tasks, patch } = state;
  const task = findOpen(tasks, id, `${where}.id`);
  const reader = patch
    .current()
    .find((other) => isOpen(other) && other.dependsOn.some((input) => input.id === task.id));
  if (reader) {
    const message = `"${reader.title}" (${reader.key}) depends on it; change or cancel that first.`;
    refuse(`${where}.id`, message);
  }
  for (const each of [task, ...membersOf(tasks, task)]) {
    tasks.delete(each.id);
    state.touched.delete(each.id);
    patch.removed.push(each.id);
  }
  say(state, task, { operation: 'cancel' });
}

/** The task of that id or key, if nobody has begun it. */
function findOpen(tasks: ReadonlyMap<string, Task>, name: string, where: string): Task {
  const planned = [...tasks.values()].filter((task) => task.kind !== 'member');
  const task = planned.find(({ id }) => id === name) ?? planned.findLast(({ key }) => key === name);
  if (!task) {
    throw new HeadraceError('not_found', {
      message: `The run's plan has no task ${JSON.stringify(name)}.`,
      where,
    });
  }
  const begun = [task, ...membersOf(tasks, task)].find(
    ({ status }) => status !== 'pending' && status !== 'ready',
  );
  if (!begun) return task;
  throw new HeadraceError('conflict', {
    message: `"${begun.title}" (${begun.key}) is ${begun.status}; only tasks that nobody has begun can be changed.`,
    where,
  });
}

function membersOf(tasks: ReadonlyMap<string, Task>, panel: Task): Task[] {
  return [...tasks.values()].filter((task) => task.memberOf === panel.id);
}

function idsOf(current: readonly (Task | NewTask)[]): Map<string, string> {
  const planned = current.filter((task) => task.kind !== 'member');
  return new Map(planned.map((task) => [task.key, task.id]));
}

/** All but `task` and its members. */
function othersThan(current: readonly (Task | NewTask)[], task: Task | null): Earlier {
  const others = current.filter((other) => other.id !== task?.id && other.memberOf !== task?.id);
  const planned = others.filter(({ kind }) => kind !== 'member');
  return {
    keys: new Set(planned.map(({ key }) => key)),
    paths: new Set(others.flatMap(({ artifactPath }) => artifactPath ?? [])),
  };
}

/** The task's line with what is set; what is not set stays as it is. */
function lineOf(current: readonly (Task | NewTask)[], task: Task, set: PlanFields): PlanLine {
  const described = describePlan(current).find(({ id }) => id === task.id);
  if (!described) throw new Error(`unknown task ${task.id}`);
  const { title, instruction, kind, deps, acceptance, required, path, models } = described;
  const given = Object.fromEntries(
    Object.entries(set).filter(([, value]) => value !== undefined),
  ) as Partial<PlanLine>;
  return {
    ...{ title, instruction, kind, deps, acceptance, required, path, models },
    maxTokens: described.max_tokens,
    ...given,
    key: task.key,
  };
}

function inputsOf(planned: PlannedTask, ids: ReadonlyMap<string, string>): Task['dependsOn'] {
  return planned.deps.flatMap((dep) => {
    const id = ids.get(dep.key);
    return id ? [{ id, uses: dep.uses }] : [];
  });
}

function refuse(where: string, message: string): never {
  throw new HeadraceError('request_invalid', { message, where });
}
