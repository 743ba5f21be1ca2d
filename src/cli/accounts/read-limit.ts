import { CliError } from '../cli-error.ts';
import type { LimitRule } from './limit-rule.ts';

const limitNames = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'];

/** `rpm=500,tpm=2000000` or, for some models, `claude-opus-*:rpm=50,otpm=80000`; `=none` is unlimited, `=learn` leaves it out. */
export function readLimit(text: string): LimitRule {
  const colon = text.lastIndexOf(':');
  const models = colon < 0 ? ['*'] : text.slice(0, colon).split(' ').filter(Boolean);
  const rule: LimitRule = { models };
  for (const part of text.slice(colon + 1).split(',')) {
    const [, name = '', value = ''] =
      /^\s*(\w+)=(-?\d{1,15}(?:\.\d+)?|none|learn)\s*$/.exec(part) ?? [];
    if (!limitNames.includes(name)) {
      throw new CliError('usage', {
        message: `The limit ${JSON.stringify(part.slice(0, 60))} is not read.`,
        fix: `Write --limit rpm=500,tpm=2000000, with ${limitNames.join(', ')}; "none" is unlimited, "learn" learns it; "claude-opus-*:rpm=50" is for some models.`,
      });
    }
    rule[name] = readAmount(value);
  }
  return rule;
}

function readAmount(value: string): number | null | undefined {
  if (value === 'learn') return undefined;
  return value === 'none' ? null : Number(value);
}
