import type { DispatchParts } from './dispatch-parts.ts';
import type { Pool } from './model-directory.ts';

type Memory = Pick<DispatchParts, 'reached' | 'missedAt' | 'clock'>;

/** A host that was missed is left alone for so long, ms, while others may answer: each of many calls would miss it anew. */
const leftAloneMs = 30_000;

/** How long the host of an account is left alone yet, ms; 0: it is not. */
export function leftAloneFor({ reached, missedAt, clock }: Memory, accountId: string): number {
  const missed = missedAt.get(accountId);
  if (missed === undefined || reached.has(accountId)) return 0;
  return Math.max(0, missed + leftAloneMs - clock.now());
}

/** How long every host of a pool is left alone yet, ms; 0: one of them may be asked. */
export function poolLeftAloneFor(parts: Memory, { candidates }: Pick<Pool, 'candidates'>): number {
  if (candidates.length === 0) return 0;
  return Math.min(...candidates.map(({ accountId }) => leftAloneFor(parts, accountId)));
}

/** The models whose hosts are not left alone; all of them where every one is, so that somebody looks again. */
export function nearModels(
  parts: Memory & Pick<DispatchParts, 'directory'>,
  names: readonly string[],
): readonly string[] {
  const near = names.filter((name) => {
    const pool = parts.directory().find(name);
    return !pool || poolLeftAloneFor(parts, pool) === 0;
  });
  return near.length > 0 ? near : names;
}
