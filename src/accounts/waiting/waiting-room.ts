import type { Clock } from '../../platform/clock.ts';
import type { TenantTerms } from '../../platform/config/config.ts';
import type { Limiter } from '../limiter.ts';
import { createFairLine } from './fair-line.ts';
import { createReserves } from './reserves.ts';
import { type AdmissionAsk, createWaiter, type Grant } from './waiter.ts';
import { createWaitingPool, type WaitingPool } from './waiting-pool.ts';

export interface WaitingRoom {
  /**
   * Resolves when an account was chosen and everything reserved (steps 12 and 13).
   * @throws HeadraceError `no_capacity` with `retryAfterMs`, `never_fits`,
   *   `upstream_credentials_exhausted`, `limiter_not_shared`; the signal's reason when it aborts.
   */
  admit(asked: AdmissionAsk): Promise<Grant>;
  /** How many calls of this pool wait. */
  waiting(pool: string): number;
  close(): void;
}

/** A call that may not wait at all still gets the limiter's answer, which may take a moment. */
const leastPatienceMs = 50;

export interface WaitingRoomDeps {
  limiter: Limiter;
  clock: Clock;
  /** By tenant; weight 1 and no reserve where nothing is said. */
  tenants?: Readonly<Record<string, TenantTerms>>;
}

export function createWaitingRoom(deps: WaitingRoomDeps): WaitingRoom {
  const { limiter, clock, tenants = {} } = deps;
  const weightOf = (tenantId: string) => tenants[tenantId]?.weight ?? 1;
  const kept = new Map(Object.entries(tenants).map(([id, { reserve }]) => [id, reserve]));
  const pools = new Map<string, WaitingPool>();

  function poolOf(name: string): WaitingPool {
    let pool = pools.get(name);
    if (!pool) {
      pool = createWaitingPool({
        limiter,
        clock,
        line: createFairLine({ now: clock.now, weightOf }),
        reserves: createReserves({ now: clock.now, kept }),
      });
      pools.set(name, pool);
    }
    return pool;
  }

  const stopWatching = deps.limiter.watch(() => {
    for (const pool of pools.values()) pool.wake();
  });

  async function admit(asked: AdmissionAsk): Promise<Grant> {
    asked.signal.throwIfAborted();
    const pool = poolOf(asked.pool);
    const waiter = createWaiter(asked, clock.now(), () => {
      pool.line.leave(waiter);
      asked.signal.removeEventListener('abort', onAbort);
      cancelTimer();
    });
    const onAbort = () => {
      waiter.reject(asked.signal.reason);
      // Whoever stood behind it may fit where it did not.
      pool.serve();
    };
    const patience = Math.max(leastPatienceMs, asked.admitBy - clock.now());
    const cancelTimer = clock.setTimer(patience, () => pool.giveUp(waiter));
    asked.signal.addEventListener('abort', onAbort, { once: true });
    pool.enter(waiter);
    return await waiter.admitted;
  }

  return {
    admit,
    waiting: (pool) => pools.get(pool)?.line.size() ?? 0,
    close() {
      stopWatching();
      for (const pool of pools.values()) pool.close();
    },
  };
}
