import type { Tx } from '../platform/store/store.ts';
import { heartbeatTimeoutMs } from './heartbeat.ts';

export interface LiveSlots {
  provider: string;
  /** Slots of live workers. */
  slots: number;
  /** Slots that no running and no announced task occupies. */
  free: number;
}

/**
 * Where an assigned task would be taken at once. Occupation is counted from the tasks themselves and
 * not from heartbeats, which are seconds old: a balancer that trusted them would announce too much.
 */
export async function liveSlots(tx: Tx): Promise<LiveSlots[]> {
  return await tx.query<LiveSlots & object>(
    `WITH live AS (
       SELECT id, providers FROM workers
       WHERE role = 'worker' AND heartbeat_at > headrace_now() - $1 * interval '1 millisecond'),
     offered AS (
       SELECT e.key AS provider, sum(e.value::int)::int AS slots
       FROM live, jsonb_each_text(live.providers) e GROUP BY e.key),
     occupied AS (
       SELECT assigned_provider AS provider, count(*)::int AS tasks FROM tasks
       WHERE status = 'assigned' OR (status = 'running' AND worker_id IN (SELECT id FROM live))
       GROUP BY assigned_provider)
     SELECT provider, slots, greatest(0, slots - coalesce(tasks, 0)) AS free
     FROM offered LEFT JOIN occupied USING (provider) WHERE slots > 0 ORDER BY provider`,
    [heartbeatTimeoutMs],
  );
}
