import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { Store, Tx } from '../../platform/store/store.ts';

/** Seconds after which a request that was never answered counts as lost with its process. */
const abandonedAfterS = 60;
/** Hours for which an answer is replayed. */
const keptForHours = 24;

export interface Answer {
  status: number;
  body: JsonObject;
}

export interface WantedKey {
  tenantId: string;
  /** Method and path. */
  route: string;
  key: string;
  bodyHash: string;
}

export interface ClaimedKey extends WantedKey {
  /** Which claim this is: whoever takes the key over has another time, and this one can no longer answer. */
  claimedAt: Date;
}

interface KeyRow {
  body_hash: string;
  status: number | null;
  response: JsonObject | null;
  expired: boolean;
  abandoned: boolean;
}

type Claiming = { claimed_at: Date };

/** The claim, or the answer that an earlier request got. Throws `idempotency_in_progress`, `idempotency_conflict`. */
export function claimKey(store: Store, wanted: WantedKey): Promise<ClaimedKey | Answer> {
  const place = [wanted.tenantId, wanted.route, wanted.key];
  return store.transaction({ tenantId: wanted.tenantId }, async (tx) => {
    const [inserted] = await tx.query<Claiming>(
      `INSERT INTO idempotency_keys (tenant_id, route, key, body_hash, created_at)
       VALUES ($1, $2, $3, $4, date_trunc('milliseconds', headrace_now()))
       ON CONFLICT DO NOTHING RETURNING created_at AS claimed_at`,
      [...place, wanted.bodyHash],
    );
    if (inserted) return { ...wanted, claimedAt: inserted.claimed_at };
    const [row] = await tx.query<KeyRow>(
      `SELECT body_hash, status, response,
              created_at < headrace_now() - make_interval(hours => $4) AS expired,
              created_at < headrace_now() - make_interval(secs => $5) AS abandoned
       FROM idempotency_keys WHERE tenant_id = $1 AND route = $2 AND key = $3 FOR UPDATE`,
      [...place, keptForHours, abandonedAfterS],
    );
    const answer = judgeKey(row, wanted.bodyHash);
    if (answer) return answer;
    const [taken] = await tx.query<Claiming>(
      `UPDATE idempotency_keys
       SET body_hash = $4, status = NULL, response = NULL,
           created_at = date_trunc('milliseconds', headrace_now())
       WHERE tenant_id = $1 AND route = $2 AND key = $3 RETURNING created_at AS claimed_at`,
      [...place, wanted.bodyHash],
    );
    if (!taken) throw stillInProgress();
    return { ...wanted, claimedAt: taken.claimed_at };
  });
}

/** The stored answer; `undefined` where the key is free to be taken over. */
function judgeKey(row: KeyRow | undefined, bodyHash: string): Answer | undefined {
  // Released between our INSERT and our SELECT: another repetition may be taking it right now.
  if (!row) throw stillInProgress();
  if (row.expired) return undefined;
  if (row.body_hash !== bodyHash) throw new HeadraceError('idempotency_conflict');
  if (row.status !== null) return { status: row.status, body: row.response ?? {} };
  if (row.abandoned) return undefined;
  throw stillInProgress();
}

/** Stores the answer; throws where the key was taken over, so that the transaction creates nothing. */
export async function completeKey(tx: Tx, claim: ClaimedKey, answer: Answer): Promise<void> {
  const rows = await tx.query(
    `UPDATE idempotency_keys SET status = $5, response = $6::jsonb
     WHERE tenant_id = $1 AND route = $2 AND key = $3 AND created_at = $4 AND status IS NULL
     RETURNING 1`,
    [...placeOf(claim), answer.status, JSON.stringify(answer.body)],
  );
  if (rows.length === 0) throw stillInProgress();
}

/** Frees the key of a request that created nothing. An answer that was stored stays. */
export async function releaseKey(store: Store, claim: ClaimedKey): Promise<void> {
  await store.transaction({ tenantId: claim.tenantId }, (tx) =>
    tx.query(
      `DELETE FROM idempotency_keys
       WHERE tenant_id = $1 AND route = $2 AND key = $3 AND created_at = $4 AND status IS NULL`,
      placeOf(claim),
    ),
  );
}

/** Deletes what is too old to be replayed; returns how many. */
export async function sweepKeys(store: Store): Promise<number> {
  const rows = await store.transaction('system', (tx) =>
    tx.query(
      `DELETE FROM idempotency_keys
       WHERE created_at < headrace_now() - make_interval(hours => $1) RETURNING 1`,
      [keptForHours],
    ),
  );
  return rows.length;
}

function placeOf({ tenantId, route, key, claimedAt }: ClaimedKey) {
  return [tenantId, route, key, claimedAt];
}

function stillInProgress(): HeadraceError {
  return new HeadraceError('idempotency_in_progress', { retryAfterMs: 1_000 });
}
