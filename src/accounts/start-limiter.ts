import type { LimitedAccount, Limiter } from './limiter.ts';
import { type LimiterDeps, startEmbeddedLimiter } from './start-embedded-limiter.ts';

export interface RedisSettings {
  url: string;
  fail: 'closed' | 'open';
}

/** In this process, or where `redis` names one, shared with others; only then is its client loaded. */
export async function startLimiter(
  deps: LimiterDeps,
  accounts: readonly LimitedAccount[],
  redis: RedisSettings | null,
): Promise<Limiter> {
  if (redis === null) return await startEmbeddedLimiter(deps, accounts);
  const { startRedisLimiter } = await import('./start-redis-limiter.ts');
  return await startRedisLimiter({ ...deps, ...redis }, accounts);
}
