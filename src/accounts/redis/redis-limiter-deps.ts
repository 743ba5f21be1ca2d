import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Limiter } from '../limiter.ts';
import type { RedisConnection } from './connect-redis.ts';

export interface RedisLimiterDeps {
  connection: RedisConnection;
  clock: Clock;
  log: Log;
  /** Without the server: `closed` admits this replica's share, `open` whole limits in every replica. */
  fail: 'closed' | 'open';
  /** A limiter of this process alone, for the time without the server. */
  openStandIn: () => Limiter;
  /** Whether an earlier process admitted here: then a server without a memory has lost it. */
  knewMemory: boolean;
  /** First part of every key; tests share one server. */
  namespace?: string;
  /** For tests: the time that the script believes instead of the server's. */
  serverNow?: () => number;
  /** For tests: the guard of the windows, ms, instead of the learned one. */
  guardMs?: number;
}
