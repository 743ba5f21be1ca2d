import { listStatements } from './extract-claims.ts';
import { findConflicts } from './find-conflicts.ts';
import type { PanelInput, PanelOutcome } from './results.ts';
import { fourGrams } from './spans.ts';

/** A shorter answer is a position, which cannot be complementary to another position. */
const shortestPart = 400;
/** Answers that share less of their 4-grams than this are about different things. */
const complementary = 0.45;

/**
 * How a panel's answers become one: structured ones are voted on, one answer stands alone, files and
 * answers that compete are picked from, and only long answers that cover different ground without
 * contradicting each other are synthesised, since mixing in weaker answers usually costs quality
 * (arXiv 2502.00674).
 */
export function choosePanelRoute(
  input: Pick<PanelInput, 'outputSchema' | 'artifactPath' | 'mayCall'>,
  answers: readonly { id: string; output: string }[],
): PanelOutcome['route'] {
  if (input.outputSchema) return 'field_vote';
  if (answers.length === 1) return 'single';
  const isPosition = answers.some(({ output }) => output.length < shortestPart);
  if (!input.mayCall || input.artifactPath !== null || isPosition) return 'judge_pick';
  const grams = answers.map(({ output }) => fourGrams(output));
  const compete = grams.some((one, index) =>
    grams.slice(index + 1).some((other) => likeness(one, other) >= complementary),
  );
  if (compete || findConflicts(listStatements(answers)).length > 0) return 'judge_pick';
  return 'synthesis';
}

/** Cosine of two sets seen as 0/1 vectors. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((gram) => other.has(gram)).length;
  return shared / Math.max(1, Math.sqrt(one.size * other.size));
}
