import { normalizeQuote } from './read-criterion.ts';
import { readProse } from './read-prose.ts';
import { isSameQuantity, readQuantities } from './read-quantities.ts';
import type { AnsweredTask, Conflict } from './results.ts';
import { isSynthesised, shownTasks } from './shown-tasks.ts';

/** A contradiction that a reader of the result meets unexplained, and who is to mend it. */
export interface Contradiction {
  /** The task that is to mend it. */
  task: AnsweredTask;
  quote: string;
  /** `null`: the brief. */
  against: AnsweredTask | null;
  othersQuote: string;
}

/**
 * Of the conflicts between inputs those that stand in the result: between two of its parts, between a
 * part and what it was made from, or between a part and the brief; where a part only repeats what its
 * notes got wrong, it is the notes that are to mend it. Nothing is wrong where notes alone disagree,
 * where one side names both amounts itself, or in a synthesis, which is told to show both sides.
 */
export function findContradictions(
  tasks: readonly AnsweredTask[],
  conflicts: readonly Conflict[],
): Contradiction[] {
  const shown = shownTasks(tasks);
  if (isSynthesised(shown)) return [];
  const ancestors = listAncestors(tasks);
  const known = { tasks: new Map(tasks.map((task) => [task.id, task])), shown, ancestors };
  const standing = conflicts.filter(
    (conflict) => !isDeniedOrder(conflict, known.tasks) && !isExplained(conflict, known.tasks),
  );
  const found = standing.flatMap((conflict) => blame(conflict, { ...known, standing }) ?? []);
  const isIn = (part: AnsweredTask | null, whole: AnsweredTask) =>
    part !== null && ancestors.get(whole.id)?.has(part.id) === true;
  const repeats = (item: Contradiction, source: Contradiction) =>
    item.othersQuote === source.othersQuote && isIn(source.task, item.task);
  const isSeen = (item: Contradiction) =>
    shown.includes(item.task) ||
    found.some((other) => shown.includes(other.task) && repeats(other, item));
  // Whoever read what is done again is done again with it, and what is wrong itself proves nobody wrong.
  return found.filter(
    (item) =>
      isSeen(item) &&
      !found.some((source) => repeats(item, source) || source.task === item.against),
  );
}

interface Known {
  tasks: ReadonlyMap<string, AnsweredTask>;
  shown: readonly AnsweredTask[];
  /** Task → all that it was made from, however far back. */
  ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  standing: readonly Conflict[];
}

function listAncestors(tasks: readonly AnsweredTask[]): Map<string, ReadonlySet<string>> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const known = new Map<string, ReadonlySet<string>>();
  const of = (id: string): ReadonlySet<string> => {
    const before = known.get(id);
    if (before) return before;
    const inputs = byId.get(id)?.dependsOn ?? [];
    const all = new Set(inputs.flatMap((input) => [input, ...of(input)]));
    known.set(id, all);
    return all;
  };
  for (const { id } of tasks) of(id);
  return known;
}

/** A brief orders more than it states: "do not install it" is not denied by who says how to install. */
function isDeniedOrder({ kind, quotes }: Conflict, tasks: Known['tasks']): boolean {
  return kind === 'negation' && !quotes.every(({ task_id }) => tasks.has(task_id));
}

/** One of the two names the other's amount as well, or says its sentence: its reader knows of both. */
function isExplained({ kind, quotes }: Conflict, tasks: Known['tasks']): boolean {
  const [one, other] = quotes;
  if (!one || !other) return true;
  return [
    [one, other],
    [other, one],
  ].some(([mine, theirs]) => {
    const task = tasks.get(mine?.task_id ?? '');
    const text = task ? readProse(task) : null;
    if (text === null || !mine || !theirs) return false;
    return kind === 'number'
      ? namesAmount(text, mine.quote, theirs.quote)
      : normalizeQuote(text).includes(normalizeQuote(theirs.quote));
  });
}

/** The text names an amount that stands in the other's quotation and not in its own. */
function namesAmount(text: string, mine: string, theirs: string): boolean {
  const own = readQuantities(mine);
  const named = readQuantities(text);
  return readQuantities(theirs)
    .filter((amount) => !own.some((each) => isSameQuantity(each, amount)))
    .some((amount) => named.some((each) => isSameQuantity(each, amount)));
}

interface Side {
  task: AnsweredTask | null;
  quote: string;
}

function blame(conflict: Conflict, known: Known): Contradiction | null {
  const [one, other] = conflict.quotes.map(
    ({ task_id, quote }): Side => ({ task: known.tasks.get(task_id) ?? null, quote }),
  );
  if (!one || !other) return null;
  const [mends, against] = chooseSides(one, other, known);
  if (!mends?.task || !against) return null;
  return {
    task: mends.task,
    quote: mends.quote,
    against: against.task,
    othersQuote: against.quote,
  };
}

/** Who is to mend, then who stays; empty where nobody is. */
function chooseSides(one: Side, other: Side, known: Known): Side[] {
  const isRead = (from: Side, by: Side) =>
    from.task === null || known.ancestors.get(by.task?.id ?? '')?.has(from.task.id) === true;
  const stands = ({ task }: Side) => task !== null && known.shown.includes(task);
  if (isRead(one, other)) return [other, one];
  if (isRead(other, one)) return [one, other];
  if (!stands(one) || !stands(other)) return [];
  // Neither read the other: who disagrees with more of the rest, else who comes later.
  const [mine, theirs] = [one, other].map(({ task }) => countDisputes(task, known));
  return (mine ?? 0) > (theirs ?? 0) ? [one, other] : [other, one];
}

function countDisputes(task: AnsweredTask | null, { standing }: Known): number {
  return standing.filter(({ quotes }) => quotes.some(({ task_id }) => task_id === task?.id)).length;
}
