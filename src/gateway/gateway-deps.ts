import type { Auth } from '../auth/index.ts';
import type { AccountDesk, Dispatch, ProviderDesk } from '../dispatch/index.ts';
import type { Orchestration } from '../orchestration/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';

export interface GatewayDeps {
  orchestration: Orchestration;
  dispatch: Dispatch;
  auth: GatewayAuth;
  store: Store;
  clock: Clock;
  log: Log;
  accounts: AccountDesk;
  providers: ProviderDesk;
  /** What else `/readyz` asks beside the store: each resolves to what is missing, or `null`. */
  readiness?: readonly (() => Promise<string | null>)[];
  /** Milliseconds that requests in flight may still take when the gateway closes; 10,000 where omitted. */
  graceMs?: number;
}

/** What the gateway asks of the auth room: all but the first key, which is made before it starts. */
export type GatewayAuth = Omit<Auth, 'ensureAdminKey'>;
