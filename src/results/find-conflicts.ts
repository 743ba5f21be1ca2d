import type { Claim } from './extract-claims.ts';
import { fillsOneSlot, swapsContent, unspaced } from './fills-one-slot.ts';
import { isJoining } from './joining-words.ts';
import { isNegative, withoutNegations } from './negation.ts';
import { readNames } from './read-names.ts';
import { isComparable, isSameQuantity, type Quantity, readQuantities } from './read-quantities.ts';
import type { Conflict } from './results.ts';
import { stripAttribution } from './strip-attribution.ts';

/** Two statements speak of the same thing from this weighted share of common words on. */
const sameSubject = 0.6;
/**
 * What names the same, in the same measure, may be said in other words: then of the shorter statement
 * this share has to be in the other, and the two must not be too far apart as a whole.
 */
const sameNamed = { contained: 0.7, common: 0.35 };
/** Where nothing but a "not" differs, the rest has to be nearly equal. */
const sameStatement = 0.8;
/** Words that stand in more statements than this find no partners; the rarer ones of the same statement do. */
const mostCommon = 60;
const keysPerClaim = 4;
const mostConflicts = 200;

interface Statement extends Claim {
  /** By which partners are found and a pattern is told from a subject. */
  words: Set<string>;
  /** By which two statements are compared. */
  terms: Set<string>;
  /** Proper names, years and numbered things: two statements with different ones differ in subject. */
  names: Set<string>;
  quantities: Quantity[];
  /** What is counted or measured: the word behind an amount. */
  measures: Set<string>;
  negative: boolean;
  /** Without who said it. */
  bare: string;
}

/**
 * Statements of different tasks about the same subject with other amounts, or of which one denies
 * the other. Deterministic; words are weighted by their rarity (inverse document frequency), so that
 * sentences of one mould about different things ("the quay of A measures…") are no conflict.
 */
export function findConflicts(claims: readonly Claim[]): Conflict[] {
  const statements = claims.map(describe).filter((statement) => statement.words.size >= 2);
  const weights = weighWords(statements);
  const found: Conflict[] = [];
  for (const [one, other] of pairStatements(statements, weights)) {
    const kind = compare(one, other, weights);
    if (kind) found.push(describeConflict(kind, one, other));
    if (found.length === mostConflicts) break;
  }
  return found;
}

const spacedWord = new RegExp(`[[\\p{L}\\p{M}]--[${unspaced}]]{2,}`, 'gv');
const unspacedRun = new RegExp(`[${unspaced}]+`, 'gv');
/** What the currency of an amount says already: "repairs cost 3 euros", "3 euros are spent on repairs". */
const spending =
  /\b(?:costs?|pays?|paid|spends?|spent|spending|expenses?|expenditures?)\b|费用|支出|花费|开支|成本|耗资|(?<!\p{L})(?:chi phí|chi tiêu|chi|tốn)(?!\p{L})/giu;

const measure = new RegExp(`\\d\\s?([${unspaced}]|[[\\p{L}\\p{M}]--[${unspaced}]]+)`, 'gv');

function describe(claim: Claim): Statement {
  const bare = stripAttribution(claim.quote);
  const text = bare.toLowerCase();
  const { names, measured } = readNames(bare);
  const quantities = readQuantities(measured);
  const isMoney = quantities.some(({ unit }) => unit !== '' && unit !== '%');
  const plain = withoutNegations(isMoney ? measured.replace(spending, ' ') : measured).replace(
    /\d+(?:[.,]\d+)*/g,
    ' ',
  );
  const measures = new Set(
    [...measured.matchAll(measure)].map(([, word = '']) => withoutPlural(word)),
  );
  const words = [...(plain.match(spacedWord) ?? []).map(withoutPlural), ...names];
  const runs = plain.match(unspacedRun) ?? [];
  // The same is said in another order of words oftener than in other signs.
  const terms = [...words, ...runs.flatMap((run) => [...run])];
  return {
    ...claim,
    bare,
    words: new Set([...words, ...runs.flatMap(pairsOf)]),
    terms: new Set(terms.filter((word) => !isJoining(word) && !measures.has(word))),
    names: new Set(names),
    quantities,
    measures,
    negative: isNegative(text),
  };
}

/** hold and holds, ship and ships; what it does to other words it does to both sides. */
function withoutPlural(word: string): string {
  return word.length > 3 && word.endsWith('s') && !isJoining(word) ? word.slice(0, -1) : word;
}

function pairsOf(run: string): string[] {
  return Array.from({ length: run.length - 1 }, (_, index) => run.slice(index, index + 2));
}

interface Weights {
  /** Word → statements that hold it. */
  counts: ReadonlyMap<string, number>;
  tasks: number;
  of(word: string): number;
}

function weighWords(statements: readonly Statement[]): Weights {
  const counts = new Map<string, number>();
  for (const { words, terms } of statements)
    for (const word of new Set([...words, ...terms])) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    counts,
    tasks: new Set(statements.map((statement) => statement.taskId)).size,
    // What only one statement says is no rarer than what just two share.
    of: (word) => Math.log(1 + statements.length / Math.max(2, counts.get(word) ?? 2)),
  };
}

/** Pairs of different tasks that share one of their rarest words; each pair once, in reading order. */
function* pairStatements(
  statements: readonly Statement[],
  weights: Weights,
): Generator<[Statement, Statement]> {
  const holders = new Map<string, number[]>();
  for (const [index, statement] of statements.entries()) {
    const met = new Set<number>();
    for (const word of rarestWords(statement, weights)) {
      const list = holders.get(word) ?? [];
      for (const earlier of list.slice(-mostCommon)) met.add(earlier);
      list.push(index);
      holders.set(word, list);
    }
    for (const earlier of [...met].sort((one, other) => one - other)) {
      const partner = statements[earlier];
      if (partner && partner.taskId !== statement.taskId) yield [partner, statement];
    }
  }
}

/** A word that nobody else says finds no partner. */
function rarestWords({ words }: Statement, weights: Weights): string[] {
  return [...words]
    .filter((word) => (weights.counts.get(word) ?? 0) > 1)
    .sort((one, other) => weights.of(other) - weights.of(one))
    .slice(0, keysPerClaim);
}

function compare(one: Statement, other: Statement, weights: Weights): Conflict['kind'] | null {
  if (!isWithin(one.names, other.names) && !isWithin(other.names, one.names)) return null;
  const { common, contained } = likeness(one.terms, other.terms, weights);
  const sameThing =
    common >= sameSubject ||
    (isSameMeasure(one, other) && common >= sameNamed.common && contained >= sameNamed.contained);
  if (!sameThing || isMould(one, other, weights)) return null;
  if (fillsOneSlot(one.bare, other.bare) || swapsContent(one.terms, other.terms)) return null;
  if (one.negative === other.negative) return differInAmount(one, other) ? 'number' : null;
  return common >= sameStatement && !differInAmount(one, other) ? 'negation' : null;
}

/** Both are about the same name and count in the same measure. */
function isSameMeasure(one: Statement, other: Statement): boolean {
  return (
    [...one.names].some((name) => !/\d/.test(name) && other.names.has(name)) &&
    [...one.measures].some((word) => other.measures.has(word))
  );
}

/**
 * All that the two share stands in more statements than there are tasks to name one subject, and
 * each has words of its own: a sentence pattern filled in twice.
 */
function isMould(one: Statement, other: Statement, weights: Weights): boolean {
  const own = [...one.words].some((word) => !other.words.has(word));
  const others = [...other.words].some((word) => !one.words.has(word));
  if (!own || !others) return false;
  return ![...one.words].some(
    (word) => other.words.has(word) && (weights.counts.get(word) ?? 0) <= weights.tasks,
  );
}

/** Each names an amount of a comparable unit that the other does not; saying less is no conflict. */
function differInAmount(one: Statement, other: Statement): boolean {
  const own = (from: Statement, to: Statement) =>
    from.quantities.filter((item) => !to.quantities.some((each) => isSameQuantity(item, each)));
  const left = own(one, other);
  const right = own(other, one);
  return left.some((item) => right.some((each) => isComparable(item, each)));
}

/** Of the weight of both the share that they have in common (Jaccard), and of the lighter one's. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>, weights: Weights) {
  const sum = (words: Iterable<string>) => {
    let total = 0;
    for (const word of words) total += weights.of(word);
    return total;
  };
  const [left, right] = [sum(one), sum(other)];
  const shared = sum([...one].filter((word) => other.has(word)));
  return {
    common: shared / Math.max(left + right - shared, Number.MIN_VALUE),
    contained: shared / Math.max(Math.min(left, right), Number.MIN_VALUE),
  };
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((item) => whole.has(item));
}

function describeConflict(kind: Conflict['kind'], one: Statement, other: Statement): Conflict {
  return {
    kind,
    quotes: [one, other].map(({ taskId, quote }) => ({ task_id: taskId, quote })),
    text: `“${one.quote}” ≠ “${other.quote}”`,
  };
}
