import type { QueueDeps } from './queue-deps.ts';

/**
 * Lets every lease lapse at the next sweep instead of after its time, and forgets the workers. For a
 * process that knows that it is alone: it has just taken the instance lock of a store on this machine,
 * without which nobody can call a model, so whoever held a claim before is gone. Fencing keeps even a
 * mistaken call harmless. Answers how many claims were disowned.
 */
export async function disownClaims(deps: QueueDeps): Promise<number> {
  return deps.store.transaction('system', async (tx) => {
    await tx.query('DELETE FROM workers');
    await tx.query('UPDATE outbox SET taken_until = NULL WHERE taken_until IS NOT NULL');
    // No lease lapses within one lease of the database's start; that start is declared long past.
    await tx.query(
      `INSERT INTO server_starts (postmaster_started_at, seen_at)
       VALUES (pg_postmaster_start_time(), 'epoch')
       ON CONFLICT (postmaster_started_at) DO UPDATE SET seen_at = 'epoch'`,
    );
    await tx.query(`UPDATE server_starts SET seen_at = 'epoch'`);
    const disowned = await tx.query(
      `UPDATE tasks SET lease_until = headrace_now() - interval '1 second'
       WHERE status = 'running' RETURNING id`,
    );
    return disowned.length;
  });
}
