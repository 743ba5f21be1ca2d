import {
  type Account,
  type CredentialListing,
  openCredential,
  type SecretOwner,
  type Vault,
} from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { groupCalls } from '../platform/group-calls.ts';
import type { Store } from '../platform/store/store.ts';

/** Which credential of an account is lent next. Keys of one account share its limits, so they take turns. */
export interface CredentialRack {
  /** `null`: the account has no credential. */
  choose(account: Account): string | null;
  /** Step 11. */
  lend(account: Account, credentialId: string): Promise<string>;
  /** A vendor refused it: the others are tried first, until a probe finds it accepted. */
  putAside(account: Account, credentialId: string): void;
  /** Whether another credential of the account has not been refused. */
  hasOther(account: Account): boolean;
  /** The accounts were read anew: what they say of their credentials is the truth. */
  renew(): void;
}

export function createCredentialRack(deps: {
  store: Store;
  vault: Vault;
  clock: Clock;
}): CredentialRack {
  const aside = new Set<string>();
  const turns = new Map<string, number>();
  // Read anew for each moment, for it may have been revoked, and once for all calls of that moment.
  const open = groupCalls(async (_, owners: readonly SecretOwner[]) => {
    const [owner] = owners;
    if (!owner) return [];
    const secret = await openCredential(deps, owner);
    return owners.map(() => secret);
  });
  const good = (account: Account) =>
    account.credentials.filter(
      ({ id, refusedAt }) => refusedAt === null && !aside.has(`${account.id} ${id}`),
    );

  /** A rotated key is the way back where its successor does not work, never the first choice. */
  function firstOf(credentials: readonly CredentialListing[]): readonly CredentialListing[] {
    const staying = credentials.filter(({ retiresAt }) => retiresAt === null);
    if (staying.length > 0) return staying;
    return credentials.filter(({ retiresAt }) => (retiresAt ?? 0) > deps.clock.now());
  }

  return {
    choose(account) {
      const usable = firstOf(good(account));
      // The account's own pause decides whether it is called at all; then any key will do as the probe.
      const from = usable.length > 0 ? usable : account.credentials;
      const turn = turns.get(account.id) ?? 0;
      turns.set(account.id, turn + 1);
      return from[turn % from.length]?.id ?? null;
    },
    lend: ({ id: accountId }, credentialId) =>
      open(`${accountId} ${credentialId}`, { accountId, credentialId }),
    putAside: (account, credentialId) => void aside.add(`${account.id} ${credentialId}`),
    hasOther: (account) => firstOf(good(account)).length > 0,
    renew: () => aside.clear(),
  };
}
