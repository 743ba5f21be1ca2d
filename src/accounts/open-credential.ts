import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Store } from '../platform/store/store.ts';
import type { SecretOwner, Vault } from './vault.ts';

/** Step 11: an account lends a credential to one call. The only way in which a secret leaves the vault. */
export async function openCredential(
  deps: { store: Store; vault: Vault },
  owner: SecretOwner,
): Promise<string> {
  const [row] = await deps.store.transaction('system', (tx) =>
    tx.query<{ sealed: unknown }>(
      'SELECT sealed FROM credentials WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL',
      [owner.accountId, owner.credentialId],
    ),
  );
  if (!row) {
    throw new HeadraceError('upstream_credentials_exhausted', {
      message: `Credential ${owner.credentialId} of account ${owner.accountId} was revoked.`,
    });
  }
  return deps.vault.open(owner, row.sealed);
}
