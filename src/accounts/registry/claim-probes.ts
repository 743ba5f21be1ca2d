import type { Store } from '../../platform/store/store.ts';
import type { SecretOwner } from '../vault.ts';
import { longestProbeMs } from './refuse-credential.ts';

/** Refused keys whose time has come, each given to one process only: asking moves their next time on. */
export async function claimProbes(store: Store): Promise<SecretOwner[]> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ account_id: string; id: string }>(
      `UPDATE credentials c SET probe_at = headrace_now() + least($1::float,
         extract(epoch FROM headrace_now() - c.refused_at) * 1000) * interval '1 millisecond'
       FROM accounts a WHERE a.id = c.account_id AND a.state <> 'disabled'
         AND c.revoked_at IS NULL AND c.probe_at <= headrace_now()
       RETURNING c.account_id, c.id`,
      [longestProbeMs],
    ),
  );
  return rows.map(({ account_id, id }) => ({ accountId: account_id, credentialId: id }));
}
