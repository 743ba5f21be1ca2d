import { formatCount } from '../printable.ts';
import type { LimitRule } from './limit-rule.ts';

/** What of an account can be changed, and how a person reads its name. */
export const terms = {
  owner_email: 'owner',
  entitlement: 'entitlement',
  models: 'models',
  limits: 'limits',
  weight: 'weight',
  price_factor: 'price factor',
} as const;
export type Term = keyof typeof terms;

/** One of them as it is shown: `* rpm 500, tpm 2,000,000`. */
export function describeTerm(term: Term, value: unknown): string {
  if (value === null || value === undefined) return 'not stated';
  if (term === 'limits') return describeRules(value as LimitRule[]);
  if (Array.isArray(value)) return value.length === 0 ? 'all' : value.join(' ');
  return String(value);
}

function describeRules(rules: readonly LimitRule[]): string {
  if (rules.length === 0) return 'learnt';
  return rules.map(describeRule).join('; ');
}

function describeRule({ models, ...dimensions }: LimitRule): string {
  const limits = Object.entries(dimensions).map(
    ([name, limit]) => `${name} ${typeof limit === 'number' ? formatCount(limit) : 'unlimited'}`,
  );
  return `${models.join(' ')} ${limits.join(', ')}`;
}
