import { checkPooling } from '../../platform/config/check-pooling.ts';
import type { CredentialConfig } from '../../platform/config/config.ts';
import type { Tx } from '../../platform/store/store.ts';
import { insertCredential, invalidAccounts, type RegistryDeps } from './add-accounts.ts';
import { endQuarantine } from './end-quarantine.ts';
import { readPool, type StoredAccount } from './stored-accounts.ts';

export type NewCredential = CredentialConfig;

interface Joining {
  tx: Tx;
  vault: RegistryDeps['vault'];
  account: StoredAccount;
}

/** Checks a key against all accounts and seals it into its own. */
export async function joinCredential(
  { tx, vault, account }: Joining,
  credential: NewCredential,
): Promise<void> {
  const print = vault.fingerprint(credential.secret);
  const isAdmin = credential.admin !== undefined;
  const pool = await readPool(tx);
  const own = pool.filter(({ id }) => id === account.id);
  const others = pool.filter(({ id }) => id !== account.id);
  // Last, so that it is the new key which repeats another's.
  const joined = own.map((known) => withCredential(known, { id: credential.id, print, isAdmin }));
  const { problems } = checkPooling([...others, ...joined]);
  const found = problems.filter(({ path }) => path[0] === 'credential');
  if (found.length > 0) throw invalidAccounts(found);
  // An id of a key that is gone may be used again.
  await tx.query(
    'DELETE FROM credentials WHERE account_id = $1 AND id = $2 AND revoked_at IS NOT NULL',
    [account.id, credential.id],
  );
  await insertCredential(tx, vault, { ...credential, accountId: account.id });
  if (!isAdmin) await endQuarantine(tx, account.id);
}

type Pooled = Awaited<ReturnType<typeof readPool>>[number];

/** The account with the new key at the end of its list; only what is wrong with that one counts. */
function withCredential(known: Pooled, added: Pooled['credentials'][number]): Pooled {
  const credentials = [...known.credentials, added];
  const last = credentials.length - 1;
  return {
    ...known,
    credentials,
    place: (part) =>
      part[0] === 'credentials' && part[1] === last
        ? ['credential', ...part.slice(2)]
        : ['account', ...part],
  };
}
