import { cutText } from '../storable.ts';
import { inNumberOrder } from './in-number-order.ts';
import { createLoopWatch } from './loop-watch.ts';
import type { PlanItem, PlannedTask, Repair } from './planned-task.ts';
import { type ShapeRules, shapeTask } from './shape-task.ts';

/** A plan has at most so many tasks, whatever the model writes. */
export const mostTasks = 100;
const mostCriteria = 30;

export interface Accepted {
  /** In an order in which each depends on earlier ones only. */
  tasks: PlannedTask[];
  repairs: Repair[];
}

/** What was accepted so far, and what waits for a task that it names and that has not come yet. */
export interface PlanBook {
  readonly criteria: readonly string[];
  readonly end: { count: number | null; single: string | null; order: string[] } | null;
  /**
   * Keys in the order in which their sections are to be read: as the planner says, else as it wrote or
   * numbered them. Empty where that is the order in which they were accepted.
   */
  readonly readingOrder: readonly string[];
  /** Tasks that were read, accepted or waiting. */
  readonly read: number;
  /** Whether a task of this key was read. */
  knows(key: string): boolean;
  /** Tasks beyond the cap. */
  readonly refused: number;
  /** Of a plan beyond its cap those within it that only repeated others under another number. */
  readonly repeated: number;
  take(item: PlanItem): Accepted;
  /**
   * Once, of a plan that ran beyond its cap and mostly said nothing but titles: puts those lines aside, so
   * that it can be asked for again. They are taken after all where nothing else comes.
   */
  setAside(): boolean;
  /** No more will come: what still waits is accepted without what it waits for. */
  close(): Accepted;
}

export interface BookStart {
  rules: ShapeRules;
  /** Tasks accepted before a crash. */
  accepted: readonly { key: string; title: string; path: string | null }[];
  criteria: readonly string[];
  mostTasks: number;
}

export function openPlanBook(start: BookStart): PlanBook {
  const accepted = new Map(start.accepted.map((task) => [task.key, normal(task.title)]));
  const paths = new Set(start.accepted.flatMap((task) => task.path ?? []));
  const waiting = new Map<string, PlannedTask>();
  /** As they came: a line that waited for another one is accepted late and still read in its place. */
  const written = [...accepted.keys()];
  let criteria = [...start.criteria];
  let end: PlanBook['end'] = null;
  let refused = 0;
  const loop = createLoopWatch(start.accepted.map((task) => task.title));
  const countRead = () => accepted.size + waiting.size + loop.held.size;

  const takeTask = (fields: Record<string, unknown>): Accepted => {
    const repairs: Repair[] = [];
    const key = chooseKey(fields, { accepted, waiting, held: loop.held }, repairs);
    if (key === null) return { tasks: [], repairs };
    if (countRead() >= start.mostTasks) {
      refused += 1;
      return { tasks: [], repairs: [] };
    }
    written.push(key);
    return loop.holds(key, fields) ? { tasks: [], repairs } : enter(fields, key, repairs);
  };
  const enter = (fields: Record<string, unknown>, key: string, repairs: Repair[]): Accepted => {
    const shaped = shapeTask(fields, key, start.rules);
    const task = withFreePath(shaped.task, paths, shaped.repairs);
    const ownDeps = task.deps.filter((dep) => dep.key !== key);
    if (ownDeps.length < task.deps.length) repairs.push(selfDependency(key));
    waiting.set(key, { ...task, deps: ownDeps });
    const tasks = release(waiting, accepted);
    const unknown = missing(ownDeps, accepted).filter((dep) => !loop.held.has(dep));
    if (waiting.has(key) && unknown.length > 0) repairs.push(forwardDependency(key, unknown));
    return { tasks, repairs: [...repairs, ...shaped.repairs] };
  };

  return {
    get criteria() {
      return criteria;
    },
    get end() {
      return end;
    },
    get readingOrder() {
      return readingOrderOf(end?.order ?? [], written, [...accepted.keys()]);
    },
    get read() {
      return countRead();
    },
    knows: (key) => accepted.has(key) || waiting.has(key) || loop.held.has(key),
    get refused() {
      return refused;
    },
    get repeated() {
      return loop.repeated;
    },
    take(item) {
      if (item.type === 'task') return takeTask(item.fields);
      if (item.type === 'end') end = { count: item.count, single: item.single, order: item.order };
      // The first criteria are the ones by which early tasks were planned; later ones change nothing.
      else if (criteria.length === 0) {
        criteria = item.criteria.slice(0, mostCriteria).map((text) => cutText(text, 1_000));
      }
      return { tasks: [], repairs: [] };
    },
    setAside() {
      if (refused === 0 || loop.aside.length > 0 || loop.held.size * 2 < countRead()) return false;
      loop.setAside(accepted.values());
      refused = 0;
      return true;
    },
    close() {
      const held = loop.release(refused > 0);
      const isEmpty = accepted.size + waiting.size + held.length === 0;
      const released = (isEmpty ? loop.aside : held).map(([key, fields]) => enter(fields, key, []));
      return joinAccepted([...released, closeWaiting(waiting, accepted)]);
    },
  };
}

function readingOrderOf(
  said: string[],
  written: readonly string[],
  accepted: readonly string[],
): readonly string[] {
  if (said.length > 0) return said;
  const order = inNumberOrder(written.filter((key) => accepted.includes(key)));
  return order.join('\n') === accepted.join('\n') ? [] : order;
}

function selfDependency(key: string): Repair {
  const where = `${key}.deps`;
  return { what: 'cyclic_dependency', where, message: 'It depended on itself.' };
}

function forwardDependency(key: string, unknown: readonly string[]): Repair {
  return {
    what: 'forward_dependency',
    where: `${key}.deps`,
    message: `It names ${unknown.join(', ')} before the plan does; it waits for them.`,
  };
}

type Keys = {
  accepted: Map<string, string>;
  waiting: Map<string, PlannedTask>;
  held: ReadonlyMap<string, Record<string, unknown>>;
};

/** The planner's id, another where it is taken, or `null` where the line only repeats an accepted task. */
function chooseKey(fields: Record<string, unknown>, keys: Keys, repairs: Repair[]): string | null {
  const given = fields['id'];
  const wanted =
    typeof given === 'string' || typeof given === 'number' ? cutText(String(given).trim(), 60) : '';
  const taken = (key: string) =>
    keys.accepted.has(key) || keys.waiting.has(key) || keys.held.has(key);
  if (wanted === '') {
    let number = keys.accepted.size + keys.waiting.size + keys.held.size + 1;
    while (taken(`t${number}`)) number += 1;
    const key = `t${number}`;
    repairs.push({ what: 'missing_id', where: key, message: 'A task without an id.' });
    return key;
  }
  if (!taken(wanted)) return wanted;
  const title = normal(String(fields['title'] ?? fields['name'] ?? ''));
  const waits = keys.waiting.get(wanted)?.title ?? String(keys.held.get(wanted)?.['title'] ?? '');
  const known = keys.accepted.get(wanted) ?? normal(waits);
  if (title === known) {
    repairs.push({ what: 'repeated', where: wanted, message: 'The same task was written again.' });
    return null;
  }
  let copy = 2;
  while (taken(`${wanted}-${copy}`)) copy += 1;
  const key = `${wanted}-${copy}`;
  repairs.push({
    what: 'duplicate_id',
    where: wanted,
    message: `Another task has this id; this one is now ${key}.`,
  });
  return key;
}

function withFreePath(task: PlannedTask, paths: Set<string>, repairs: Repair[]): PlannedTask {
  if (task.path === null) return task;
  let path = task.path;
  for (let copy = 2; paths.has(path); copy += 1) {
    path = task.path.replace(/(\.[^./]*)?$/, (extension) => `-${copy}${extension}`);
  }
  paths.add(path);
  if (path !== task.path) {
    const message = `Another task writes ${task.path}; this one writes ${path}.`;
    repairs.push({ what: 'unusable_path', where: `${task.key}.path`, message });
  }
  return { ...task, path };
}

function joinAccepted(parts: readonly Accepted[]): Accepted {
  return {
    tasks: parts.flatMap(({ tasks }) => tasks),
    repairs: parts.flatMap(({ repairs }) => repairs),
  };
}

function missing(deps: PlannedTask['deps'], accepted: ReadonlyMap<string, string>): string[] {
  return deps.filter((dep) => !accepted.has(dep.key)).map((dep) => dep.key);
}

/** Accepts what no longer waits for anything, and what that sets free. */
function release(waiting: Map<string, PlannedTask>, accepted: Map<string, string>): PlannedTask[] {
  const released: PlannedTask[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const [key, task] of waiting) {
      if (missing(task.deps, accepted).length > 0) continue;
      waiting.delete(key);
      accepted.set(key, normal(task.title));
      released.push(task);
      grown = true;
    }
  }
  return released;
}

function closeWaiting(waiting: Map<string, PlannedTask>, accepted: Map<string, string>): Accepted {
  const tasks: PlannedTask[] = [];
  const repairs: Repair[] = [];
  for (const [key, task] of waiting) {
    const known = task.deps.filter((dep) => accepted.has(dep.key) || waiting.has(dep.key));
    for (const dep of task.deps.filter((each) => !known.includes(each))) {
      const message = `The plan has no task ${JSON.stringify(dep.key)}; left out.`;
      repairs.push({ what: 'unknown_dependency', where: `${key}.deps`, message });
    }
    waiting.set(key, { ...task, deps: known });
  }
  for (tasks.push(...release(waiting, accepted)); waiting.size > 0; ) {
    const [first] = waiting.values();
    if (!first) break;
    const circle = missing(first.deps, accepted);
    const message = `It waits for ${circle.join(', ')}, which wait for it; they were left out.`;
    repairs.push({ what: 'cyclic_dependency', where: `${first.key}.deps`, message });
    waiting.set(first.key, {
      ...first,
      deps: first.deps.filter((dep) => !circle.includes(dep.key)),
    });
    tasks.push(...release(waiting, accepted));
  }
  return { tasks, repairs };
}

function normal(title: string): string {
  return title.trim().toLowerCase().replace(/\s+/g, ' ');
}
