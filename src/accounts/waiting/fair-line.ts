import { type Lane, lanes } from '../../platform/lanes.ts';
import { createFairShares, type FairShares, type ShareFlow } from './fair-shares.ts';
import type { Waiter } from './waiter.ts';
import type { WaitingLine } from './waiting-line.ts';

export interface FairLineDeps {
  now: () => number;
  /** Of a tenant; 1 where nothing is said. */
  weightOf: (tenantId: string) => number;
}

/** Shares of a tenant's part that its lanes get while all of them have calls; batch keeps a tenth. */
const laneWeights: Record<Lane, number> = { priority: 6, standard: 3, batch: 1 };
/** A batch call that waited this long weighs as much as a standard one, ms. Nothing ages into `priority`. */
const ageingMs = 30_000;

/**
 * Tokens over weight that urgent calls may take at once ahead of their share, while they keep to it on the
 * whole: without it a large one would make the small ones behind it wait as if the lane asked too much.
 */
const urgentCredit = 20_000;

interface TenantFlow extends ShareFlow {
  readonly id: string;
  readonly lanes: FairShares<LaneFlow>;
}

interface LaneFlow extends ShareFlow {
  readonly lane: Lane;
  /** A set keeps the order of entering, and may be left while it is walked. */
  readonly waiters: Set<Waiter>;
}

/**
 * Start-time fair queueing (Goyal, Vin & Cheng 1996) on two levels: tenants by weight, then each
 * tenant's lanes, in tokens. A tenant is charged for its own lanes only, so that calling everything
 * urgent wins nothing from others; what one does not ask for is shared by those who do.
 */
export function createFairLine(deps: FairLineDeps): WaitingLine {
  const tenants = createFairShares<TenantFlow>();
  const byId = new Map<string, TenantFlow>();
  let size = 0;

  const laneWeight = ({ asked, enteredAt }: Waiter) => {
    const aged = asked.lane === 'batch' && deps.now() - enteredAt >= ageingMs;
    return laneWeights[aged ? 'standard' : asked.lane];
  };

  function flowsOf({ asked }: Waiter): { tenant: TenantFlow; lane: LaneFlow } {
    const tenant = byId.get(asked.tenantId) ?? join(openTenant(asked.tenantId));
    const lane = tenant.lanes.flows.find((flow) => flow.lane === asked.lane);
    if (!lane) throw new Error(`There is no lane ${asked.lane}.`);
    return { tenant, lane };
  }

  function join(tenant: TenantFlow): TenantFlow {
    byId.set(tenant.id, tenant);
    tenants.flows.push(tenant);
    return tenant;
  }

  return {
    enter(waiter) {
      const { tenant, lane } = flowsOf(waiter);
      tenants.join(tenant, waiter.tokens);
      tenant.lanes.join(lane, waiter.tokens);
      lane.waiters.add(waiter);
      size += 1;
    },
    served(waiter) {
      const { tenant, lane } = flowsOf(waiter);
      tenants.charge(tenant, waiter.tokens / deps.weightOf(tenant.id));
      tenant.lanes.charge(lane, waiter.tokens / laneWeight(waiter));
    },
    leave(waiter) {
      const { tenant, lane } = flowsOf(waiter);
      if (!lane.waiters.delete(waiter)) return;
      tenants.part(tenant, waiter.tokens);
      tenant.lanes.part(lane, waiter.tokens);
      size -= 1;
      if (size > 0) return;
      // Nobody waits: there is nothing to be fair about, and nothing of those who left is kept.
      byId.clear();
      tenants.clear();
    },
    inOrder: () =>
      tenants.walk((tenant) => ({
        each: tenant.lanes.walk(({ waiters }) => ({
          each: waiters,
          advance: (waiter) => waiter.tokens / laneWeight(waiter),
        })),
        advance: (waiter) => waiter.tokens / deps.weightOf(tenant.id),
      })),
    ahead(waiter) {
      const { tenant, lane } = flowsOf(waiter);
      const weight = deps.weightOf(tenant.id);
      const own = tenant.lanes.flows.reduce((sum, flow) => {
        const share = laneWeights[flow.lane] / laneWeights[lane.lane];
        return sum + (flow === lane ? flow.backlog : Math.min(flow.backlog, share * lane.backlog));
      }, 0);
      return tenants.flows.reduce((sum, flow) => {
        const share = deps.weightOf(flow.id) / weight;
        return sum + (flow === tenant ? own : Math.min(flow.backlog, share * own));
      }, 0);
    },
    size: () => size,
  };
}

function openTenant(id: string): TenantFlow {
  const inLanes = createFairShares<LaneFlow>();
  for (const lane of lanes) {
    const credit = lane === 'priority' ? urgentCredit : 0;
    inLanes.flows.push({ lane, waiters: new Set(), start: -credit, credit, backlog: 0, calls: 0 });
  }
  return { id, lanes: inLanes, start: 0, credit: 0, backlog: 0, calls: 0 };
}
