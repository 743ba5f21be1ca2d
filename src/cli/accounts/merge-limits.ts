import type { LimitRule } from './limit-rule.ts';
import { readLimit } from './read-limit.ts';

/**
 * Limits as they will be: a written rule changes the dimensions that it names of the rule for the same models,
 * so that raising one forgets none of the others. `rpm=learn` takes one out, `learn` all that were there.
 */
export function mergeLimits(
  present: readonly LimitRule[],
  written: readonly string[],
): LimitRule[] {
  let rules = [...present];
  for (const text of written) {
    rules = text.trim() === 'learn' ? [] : applyRule(rules, readLimit(text));
  }
  return rules.filter(
    (rule) => Object.values(rule).filter((each) => each !== undefined).length > 1,
  );
}

function applyRule(rules: readonly LimitRule[], written: LimitRule): LimitRule[] {
  const same = rules.findIndex(({ models }) => sameModels(models, written.models));
  if (same >= 0) return rules.with(same, { ...rules[same], ...written });
  // Of several rules that name a model the first counts, so one behind "*" would never be looked at.
  const forAll = rules.findIndex(({ models }) => models.includes('*'));
  return rules.toSpliced(forAll < 0 ? rules.length : forAll, 0, written);
}

function sameModels(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((model) => other.includes(model));
}
