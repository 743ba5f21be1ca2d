import type { Dispatch } from '../../dispatch/index.ts';
import type { Tx } from '../../platform/store/store.ts';
import type { TaskStatus } from '../../queue/index.ts';
import type { Decision, Snapshot } from '../machine/state.ts';
import { type LockedRun, readSnapshot } from './read-snapshot.ts';

/**
 * Decides about a locked run on what stays true until the decision is stored. Workers end their tasks
 * without the run's lock: what the decision takes from them is locked, and where it changed since it was
 * read, it is decided anew. Else a run would end empty-handed in the moment in which its answer came.
 */
export async function decideLocked(
  tx: Tx,
  run: LockedRun,
  { dispatch, decide }: { dispatch: Pick<Dispatch, 'models'>; decide: (on: Snapshot) => Decision },
): Promise<{ snapshot: Snapshot; decision: Decision }> {
  // Ends: what is locked changes no more, so each further round is about tasks that were not locked yet.
  for (;;) {
    const snapshot = await readSnapshot(tx, run, dispatch);
    const decision = decide(snapshot);
    if (await standsStill(tx, snapshot, decision)) return { snapshot, decision };
  }
}

/** Locks what the decision ends in the order in which others lock a run's tasks: two orders would be a deadlock. */
async function standsStill(tx: Tx, snapshot: Snapshot, { settle }: Decision): Promise<boolean> {
  const ends = settle.filter(({ status }) => status !== 'ready').map(({ taskId }) => taskId);
  if (ends.length === 0) return true;
  const rows = await tx.query<{ id: string; status: TaskStatus }>(
    `SELECT id, status FROM tasks WHERE id = ANY($1::text[]) ORDER BY ordinal FOR NO KEY UPDATE`,
    [ends],
  );
  const decidedOn = new Map(snapshot.tasks.map(({ id, status }) => [id, status]));
  return rows.every(({ id, status }) => decidedOn.get(id) === status);
}
