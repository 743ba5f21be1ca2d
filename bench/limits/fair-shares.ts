import type { Scenario } from './scenario.ts';

/** Weighted max-min by water-filling: what a tenant does not ask for is shared by the others. */
export function fairShares({ tenants, load }: Scenario): number[] {
  const demand = tenants.reduce((sum, tenant) => sum + tenant.demand, 0);
  const wanted = tenants.map((tenant) => (tenant.demand / demand) * load);
  const shares = tenants.map(() => 0);
  let left = Math.min(1, load);
  let open = tenants.map((_, index) => index);
  while (open.length > 0 && left > 1e-9) {
    const weights = open.reduce((sum, index) => sum + (tenants[index]?.weight ?? 1), 0);
    const level = left / weights;
    const filled = open.filter(
      (index) => (wanted[index] ?? 0) <= level * (tenants[index]?.weight ?? 1),
    );
    for (const index of filled.length > 0 ? filled : open) {
      const weight = tenants[index]?.weight ?? 1;
      shares[index] = filled.length > 0 ? (wanted[index] ?? 0) : level * weight;
      left -= shares[index] ?? 0;
    }
    open = filled.length > 0 ? open.filter((index) => !filled.includes(index)) : [];
  }
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
