import type { Claim } from '../../src/queue/index.ts';
import type { World } from './model-world.ts';

/** Dispatch's settlement: accepted once, by attempt id. */
export async function settleOpen(world: World, claim: Claim): Promise<void> {
  for (const attemptId of world.open.get(claim) ?? []) {
    await world.store.transaction('system', async (tx) => {
      const rows = await tx.query(
        `UPDATE attempts SET outcome = 'succeeded', cost_nano_usd = 1000, input_tokens = 100,
           output_tokens = 100, finished_at = headrace_now()
         WHERE id = $1 AND outcome IS NULL RETURNING id`,
        [attemptId],
      );
      if (rows.length === 0) return;
      count(world, attemptId);
      await tx.query(
        `UPDATE budgets SET reserved_nano_usd = reserved_nano_usd - 5000, reserved_tokens = reserved_tokens - 1100,
           spent_nano_usd = spent_nano_usd + 1000, spent_tokens = spent_tokens + 200 WHERE run_id = $1`,
        [world.runId],
      );
    });
  }
  world.open.delete(claim);
}

function count(world: World, attemptId: string): void {
  world.settled.set(attemptId, (world.settled.get(attemptId) ?? 0) + 1);
}
