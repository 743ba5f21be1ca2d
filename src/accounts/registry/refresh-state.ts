import type { Tx } from '../../platform/store/store.ts';

/**
 * Makes an account's state that of its worst pause; an operator's word stays: a late answer does not
 * bring a disabled or draining account back. Answers the state before and after, or `null` where that
 * is the operator's.
 */
export async function refreshState(
  tx: Tx,
  accountId: string,
): Promise<{ before: string; after: string } | null> {
  const [held] = await tx.query<{ state: string }>(
    `SELECT state FROM accounts WHERE id = $1 AND state NOT IN ('draining', 'disabled') FOR UPDATE`,
    [accountId],
  );
  if (!held) return null;
  const [changed] = await tx.query<{ state: string }>(
    `UPDATE accounts a SET state = coalesce(w.state, 'active'), state_reason = w.reason, state_until = w.until,
       updated_at = headrace_now()
     FROM (SELECT 1) AS one LEFT JOIN LATERAL (
       SELECT p.state, p.until, jsonb_build_object('kind', p.kind, 'message', p.message,
         'provenance', p.provenance, 'since', floor(extract(epoch FROM p.since) * 1000)) AS reason
       FROM account_pauses p
       WHERE p.account_id = $1 AND (p.state = 'quarantined' OR p.until > headrace_now())
       ORDER BY array_position(ARRAY['quarantined', 'exhausted', 'cooling'], p.state), p.model_class, p.until DESC
       LIMIT 1) AS w ON true
     WHERE a.id = $1 RETURNING a.state`,
    [accountId],
  );
  return { before: held.state, after: changed?.state ?? 'active' };
}
