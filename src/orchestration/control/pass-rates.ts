import type { Tx } from '../../platform/store/store.ts';
import type { PassRate } from '../../results/index.ts';
import type { OutcomeOwner } from '../outcomes/outcome-owner.ts';

/** Kind of task → how its answers were judged. */
export type PassRates = ReadonlyMap<string, PassRate>;

/** So many judgements back pass rates are measured. */
const window = 200;

/** How often a tenant's answers of each kind were found without a defect, over its latest judgements. */
export async function readPassRates(tx: Tx, owner: OutcomeOwner): Promise<PassRates> {
  const rows = await tx.query<{ kind: string; passed: number; judged: number }>(
    `SELECT e.key AS kind, sum((e.value->>'passed')::int)::int AS passed,
       sum((e.value->>'judged')::int)::int AS judged
     FROM (SELECT t.output_meta->'finding'->'kinds' AS kinds FROM tasks t JOIN runs r ON r.id = t.run_id
           WHERE t.tenant_id = $1 AND t.kind = 'judge' AND t.status = 'succeeded' AND r.simulated = $2
           ORDER BY t.finished_at DESC LIMIT $3) latest,
       jsonb_each(coalesce(latest.kinds, '{}')) e
     GROUP BY e.key`,
    [owner.tenantId, owner.simulated, window],
  );
  return new Map(rows.map(({ kind, passed, judged }) => [kind, { passed, judged }]));
}

export function passRateOf(rates: PassRates, kind: string): PassRate {
  return rates.get(kind) ?? { passed: 0, judged: 0 };
}
