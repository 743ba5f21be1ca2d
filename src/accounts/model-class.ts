import type { LimitRule } from '../platform/config/config.ts';
import { matchesModel } from './match-model.ts';

/**
 * The bucket in which calls of a model count: the first rule of the account that names it, whose
 * models share their limits, or a class of its own where no rule does.
 */
export function classOf(rules: readonly LimitRule[], model: string): string {
  const rule = rules.find((candidate) => matchesModel(candidate.models, model));
  return rule ? classKey(rule) : `model:${model}`;
}

/** Stable over restarts and over the order of rules, for windows are stored under it. */
export function classKey(rule: LimitRule): string {
  return `rule:${rule.models.join(',')}`;
}

/** A class as people wrote it: the patterns of its rule, or the one model that no rule names. */
export function modelsOf(modelClass: string): string[] {
  return modelClass.slice(modelClass.indexOf(':') + 1).split(',');
}
