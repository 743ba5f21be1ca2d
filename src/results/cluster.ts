import { isNegative } from './negation.ts';
import {
  agreeOnQuantities,
  markVersions,
  type Quantity,
  readQuantities,
  writeQuantities,
} from './read-quantities.ts';
import { fourGrams } from './spans.ts';

export interface Voter {
  /** One vote per family, however many of its models answered. */
  family: string;
  text: string;
}

export interface Cluster {
  /** Indexes into the voters, the medoid first. */
  members: number[];
  families: number;
}

/** Answers count as the same from this cosine of character 4-grams and of words on; numbers and negations must agree as well. */
const sameAnswer = 0.5;
/**
 * Groups answers that say the same, by complete linkage: in a group every pair agrees, so a chain of
 * half-similar answers never joins two opposites. `opposed` answers contradict each other somewhere in
 * their text, though their conclusions may be worded alike. The largest group (by families) comes first.
 */
export function clusterAnswers(
  voters: readonly Voter[],
  said: { judged?: readonly Judged[]; opposed?: readonly Pairing[] } = {},
): Cluster[] {
  const answers = voters.map((voter) => describeAnswer(voter.text));
  const alike = answers.map((left) => answers.map((right) => similarity(left, right)));
  for (const { left, right, same } of said.judged ?? [])
    refine(alike, answers, { left, right, same });
  for (const { left, right } of said.opposed ?? []) setLikeness(alike, { left, right }, 0);
  let groups = voters.map((_, index) => [index]);
  for (let best = closestPair(groups, alike); best; best = closestPair(groups, alike)) {
    const { left, right } = best;
    const joined = [...(groups[left] ?? []), ...(groups[right] ?? [])];
    groups = [...groups.filter((_, index) => index !== left && index !== right), joined];
  }
  return groups
    .map((group) => ({
      members: medoidFirst(group, alike),
      families: new Set(group.map((index) => voters[index]?.family)).size,
    }))
    .sort(
      (one, other) =>
        other.families - one.families ||
        other.members.length - one.members.length ||
        Math.min(...one.members) - Math.min(...other.members),
    );
}

/** Two voters. */
export interface Pairing {
  left: number;
  right: number;
}

/** What a model said about two answers: whether each follows from the other. */
export interface Judged extends Pairing {
  same: boolean;
}

/**
 * A model's word decides between alike and unlike wording, but a number or a negation that differs
 * keeps answers apart whatever it says, and the same words in other clothes need no opinion.
 */
function refine(alike: number[][], answers: readonly Described[], judged: Judged): void {
  const [one, other] = [answers[judged.left], answers[judged.right]];
  if (!one || !other || one.normal === other.normal || isOpposed(one, other)) return;
  const measured = alike[judged.left]?.[judged.right] ?? 0;
  const value = judged.same ? Math.max(measured, sameAnswer) : 0;
  setLikeness(alike, judged, value);
}

function setLikeness(alike: number[][], { left, right }: Pairing, value: number): void {
  for (const [row, column] of [
    [left, right],
    [right, left],
  ] as const) {
    const values = alike[row];
    if (values) values[column] = value;
  }
}

/** The part of an answer that can agree or not: an explicit conclusion, else its first paragraph. */
export function extractAnswer(text: string): string {
  const plain = text.trim();
  if (plain.length <= 400) return plain;
  const conclusion =
    /^\s*(?:\*\*)?(?:final answer|answer|conclusion|kết luận|đáp án|结论|答案)(?:\*\*)?\s*[:：](?:\*\*)?\s*(.+)$/gimu;
  const explicit = [...plain.matchAll(conclusion)].at(-1)?.[1];
  if (explicit) return explicit.trim();
  const paragraphs = plain.split(/\n{2,}/).filter((part) => !/^\s*(#|\*Simulated)/.test(part));
  return (paragraphs[0] ?? plain).slice(0, 1_200);
}

interface Described {
  normal: string;
  quantities: Quantity[];
  negative: boolean;
  grams: Set<string>;
  words: Set<string>;
}

function describeAnswer(text: string): Described {
  const plain = markVersions(extractAnswer(text))
    .toLowerCase()
    .replace(/[*_`#>"'“”]+/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/[.!?。！？]+$/u, '')
    .trim();
  // 42 and 42.0 share no word and no 4-gram: an amount is compared by what it says.
  const normal = writeQuantities(plain);
  return {
    normal,
    quantities: readQuantities(plain),
    negative: isNegative(normal),
    grams: fourGrams(` ${normal} `),
    // A script without spaces is compared character by character.
    words: new Set(normal.match(/\p{Script=Han}|[\p{L}\p{N}%]+/gu) ?? []),
  };
}

function similarity(left: Described, right: Described): number {
  if (left.normal === right.normal) return 1;
  // Similar words hide a "not" or another number; those decide whatever the words say.
  if (isOpposed(left, right)) return 0;
  return Math.min(overlap(left.grams, right.grams), overlap(left.words, right.words));
}

function isOpposed(left: Described, right: Described): boolean {
  return left.negative !== right.negative || !agreeOnQuantities(left.quantities, right.quantities);
}

/** Cosine of two sets seen as 0/1 vectors. */
function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let shared = 0;
  for (const item of left) if (right.has(item)) shared += 1;
  const size = Math.sqrt(left.size * right.size);
  return size === 0 ? 0 : shared / size;
}

function closestPair(groups: readonly number[][], alike: readonly number[][]) {
  let best: { left: number; right: number; value: number } | undefined;
  for (let left = 0; left < groups.length; left += 1) {
    for (let right = left + 1; right < groups.length; right += 1) {
      const value = completeLinkage(groups[left] ?? [], groups[right] ?? [], alike);
      if (value >= sameAnswer && (!best || value > best.value)) best = { left, right, value };
    }
  }
  return best;
}

function completeLinkage(
  left: readonly number[],
  right: readonly number[],
  alike: readonly number[][],
): number {
  let least = 1;
  for (const one of left) {
    for (const other of right) least = Math.min(least, alike[one]?.[other] ?? 0);
  }
  return least;
}

function medoidFirst(group: readonly number[], alike: readonly number[][]): number[] {
  const closeness = (index: number) =>
    group.reduce((sum, other) => sum + (alike[index]?.[other] ?? 0), 0);
  return [...group].sort((one, other) => closeness(other) - closeness(one) || one - other);
}
