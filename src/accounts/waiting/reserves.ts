import type { Waiter } from './waiter.ts';

/** What of a pool's limits a call leaves free, though nobody else has asked for it yet. */
export interface Reserves {
  /** Share of every limit, 0 to 1. */
  leaveOf(waiter: Waiter): number;
  /** `tokensPerMs`: what the pool lets through; `null` where nobody knows. */
  served(waiter: Waiter, tokensPerMs: number | null): void;
}

export interface ReservesDeps {
  now: () => number;
  /** Shares that are kept for tenants; whoever is missing has none. */
  kept: ReadonlyMap<string, number>;
}

/** Kept for urgent calls, so that the usual one need not wait for a refill; 0.3 % is all it costs. */
const urgentShare = 0.003;
/** Where none came for so long, nothing is kept for them, ms. */
const urgentForMs = 60_000;
/** Never is everything kept from a call that waits. */
const mostKept = 0.9;
/** What a tenant was served weighs less with time; after a minute it has left the vendors' windows, ms. */
const memoryMs = 60_000;

interface Kept {
  readonly tenantId: string;
  readonly share: number;
  /** Share of the pool that the tenant uses now, as of `at`. */
  used: number;
  at: number;
}

export function createReserves({ now, kept }: ReservesDeps): Reserves {
  const tenants = [...kept]
    .filter(([, share]) => share > 0)
    .map(([tenantId, share]): Kept => ({ tenantId, share, used: 0, at: now() }));
  let urgentAt = Number.NEGATIVE_INFINITY;

  function usedBy(tenant: Kept): number {
    tenant.used *= Math.exp(-Math.max(0, now() - tenant.at) / memoryMs);
    tenant.at = now();
    return tenant.used;
  }

  return {
    leaveOf({ asked }) {
      let leave = asked.lane !== 'priority' && now() - urgentAt < urgentForMs ? urgentShare : 0;
      for (const tenant of tenants) {
        if (tenant.tenantId !== asked.tenantId) leave += Math.max(0, tenant.share - usedBy(tenant));
      }
      return Math.min(leave, mostKept);
    },
    served({ asked, tokens }, tokensPerMs) {
      if (asked.lane === 'priority') urgentAt = now();
      if (tokensPerMs === null) return;
      const tenant = tenants.find(({ tenantId }) => tenantId === asked.tenantId);
      if (tenant) tenant.used = usedBy(tenant) + tokens / (tokensPerMs * memoryMs);
    },
  };
}
