import { type Account, openCredential, type SecretOwner, type Vault } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { groupCalls } from '../platform/group-calls.ts';
import type { Store } from '../platform/store/store.ts';

/** Which credential of an account is lent next. Keys of one account share its limits, so they take turns. */
export interface CredentialRack {
  /** `null`: every credential of the account was refused. */
  choose(account: Account): string | null;
  /** Step 11. */
  lend(account: Account, credentialId: string): Promise<string>;
  /** A vendor refused it: the others are tried first, and this one again later. */
  putAside(account: Account, credentialId: string): void;
  /** Whether another credential of the account has not been refused. */
  hasOther(account: Account): boolean;
}

/** A refused key is tried again after this, ms: it may have been a fault of the vendor's. */
const asideMs = 300_000;

export function createCredentialRack(deps: {
  store: Store;
  vault: Vault;
  clock: Clock;
}): CredentialRack {
  const asideUntil = new Map<string, number>();
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
      ({ id }) => (asideUntil.get(`${account.id} ${id}`) ?? 0) <= deps.clock.now(),
    );
  return {
    choose(account) {
      const usable = good(account);
      // The account's own pause decides whether it is called at all; then any key will do as the probe.
      const from = usable.length > 0 ? usable : account.credentials;
      const turn = turns.get(account.id) ?? 0;
      turns.set(account.id, turn + 1);
      return from[turn % from.length]?.id ?? null;
    },
    lend: ({ id: accountId }, credentialId) =>
      open(`${accountId} ${credentialId}`, { accountId, credentialId }),
    putAside(account, credentialId) {
      asideUntil.set(`${account.id} ${credentialId}`, deps.clock.now() + asideMs);
    },
    hasOther: (account) => good(account).length > 0,
  };
}
