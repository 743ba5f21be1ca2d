import type { Claim } from './extract-claims.ts';
import { isNegative, withoutNegations } from './negation.ts';
import { isComparable, isSameQuantity, type Quantity, readQuantities } from './read-quantities.ts';
import type { Conflict } from './results.ts';

/** Two statements speak of the same thing from this weighted share of common words on. */
const sameSubject = 0.6;
/** Where nothing but a "not" differs, the rest has to be nearly equal. */
const sameStatement = 0.8;
/** Words that stand in more statements than this find no partners; the rarer ones of the same statement do. */
const mostCommon = 60;
const keysPerClaim = 4;
const mostConflicts = 200;

interface Statement extends Claim {
  words: Set<string>;
  /** Proper names, years and numbered things: two statements with different ones differ in subject. */
  names: Set<string>;
  quantities: Quantity[];
  negative: boolean;
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

/** A number that names something: year 2, phase 3, 第三. It tells subjects apart, it does not measure them. */
const naming =
  /\b(?:19|20)\d\d\b(?!\s*[%$€£])|(?<![\p{L}])(?:years?|phases?|steps?|stages?|weeks?|days?|quarters?|versions?|options?|plans?|levels?|tiers?|sections?|tables?|figures?|chapters?|năm|tháng|tuần|ngày|bước|giai đoạn|phương án)\s+\d+(?!\s*%)|第\s*[\d一二三四五六七八九十]+|\d{4}年|\d+月/giu;

/** Capitalised within a sentence, a single letter ("plan B") included; in Chinese every word of Latin letters. */
const properName =
  /(?<=[\p{L}\d,]\s)\p{Lu}[\p{L}\p{M}]*|(?<=\p{Script=Han}[，、]?\s?)[\p{Script=Latin}][\p{Script=Latin}\d]+/gu;

function describe(claim: Claim): Statement {
  const text = claim.quote.toLowerCase();
  const names = [
    ...(text.match(naming) ?? []),
    ...[...claim.quote.matchAll(properName)].map(([name]) => name.toLowerCase()),
  ];
  const measured = text.replace(naming, ' ');
  const plain = withoutNegations(measured).replace(/\d+(?:[.,]\d+)*/g, ' ');
  return {
    ...claim,
    words: new Set([...readWords(plain), ...names]),
    names: new Set(names),
    quantities: readQuantities(measured),
    negative: isNegative(text),
  };
}

/** Words, and pairs of neighbouring signs in a script without spaces. */
function readWords(text: string): string[] {
  const words = text.match(/[\p{Script=Latin}\p{M}]{2,}/gu) ?? [];
  const runs = text.match(/\p{Script=Han}+/gu) ?? [];
  const pairs = runs.flatMap((run) =>
    Array.from({ length: run.length - 1 }, (_, index) => run.slice(index, index + 2)),
  );
  return [...words, ...pairs];
}

interface Weights {
  /** Word → statements that hold it. */
  counts: ReadonlyMap<string, number>;
  tasks: number;
  of(word: string): number;
}

function weighWords(statements: readonly Statement[]): Weights {
  const counts = new Map<string, number>();
  for (const { words } of statements)
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    counts,
    tasks: new Set(statements.map((statement) => statement.taskId)).size,
    of: (word) => Math.log(1 + statements.length / (counts.get(word) ?? statements.length)),
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

function rarestWords({ words }: Statement, weights: Weights): string[] {
  return [...words]
    .sort((one, other) => weights.of(other) - weights.of(one))
    .slice(0, keysPerClaim);
}

function compare(one: Statement, other: Statement, weights: Weights): Conflict['kind'] | null {
  if (!isWithin(one.names, other.names) && !isWithin(other.names, one.names)) return null;
  const alike = likeness(one.words, other.words, weights);
  if (alike < sameSubject || isMould(one, other, weights)) return null;
  if (one.negative === other.negative) return differInAmount(one, other) ? 'number' : null;
  return alike >= sameStatement && !differInAmount(one, other) ? 'negation' : null;
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

/** Weighted Jaccard index. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>, weights: Weights): number {
  const sum = (words: Iterable<string>) => {
    let total = 0;
    for (const word of words) total += weights.of(word);
    return total;
  };
  const shared = sum([...one].filter((word) => other.has(word)));
  const all = sum(one) + sum(other) - shared;
  return all === 0 ? 0 : shared / all;
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
