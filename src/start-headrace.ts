import { join } from 'node:path';
import {
  type Account,
  type AccountSpec,
  createVault,
  listAdded,
  loadAccounts,
  syncAccounts,
} from './accounts/index.ts';
import { createAuth } from './auth/index.ts';
import { createDispatch, type Dispatch } from './dispatch/index.ts';
import { createGateway } from './gateway/index.ts';
import { createOrchestration, type Orchestration } from './orchestration/index.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Config, LimitRule } from './platform/config/config.ts';
import type { FoundOllama } from './platform/find-ollama.ts';
import { errorFields, type Log } from './platform/log.ts';
import { createRandom } from './platform/random.ts';
import { deriveKey, loadSecretKey } from './platform/secret-key.ts';
import type { Store } from './platform/store/store.ts';
import { openProfile, type Profile } from './profile.ts';
import { disownClaims, startRelay } from './queue/index.ts';
import { startWorkers } from './workers/index.ts';

/** An account of the simulated providers. */
export interface SimulatedAccount {
  id: string;
  provider: string;
  base_url: string;
  secret: string;
  models: string[];
  limits: LimitRule[];
}

/** Who answers beside the accounts of the configuration and the store. */
export interface Supply {
  /** Empty: nothing is simulated. */
  simulatedAccounts: readonly SimulatedAccount[];
  /** An Ollama of this machine whose models are to be used. */
  ollama: FoundOllama | null;
}

export interface StartOptions {
  log: Log;
  /** Asked when the store is open, which alone knows how many accounts were `added` while servers ran. */
  supply: (added: number) => Promise<Supply>;
  /** Only answers: it goes on with no run. */
  idle?: boolean;
}

/** A running Headrace with all its roles. */
export interface Headrace {
  url: string;
  adminKey: string;
  /** Where the first admin key was written just now, or `null`. */
  newKeyPath: string | null;
  /** The accounts that are in use, or would be if no operator had said otherwise. */
  accounts: readonly Pick<Account, 'id' | 'provider' | 'managedBy'>[];
  /** Ends streams and workers within a grace, then closes the store. Closing twice is once. */
  close(): Promise<void>;
}

const drainMs = 5_000;
const lockRetryMs = 2_000;

/** Opens what the configuration asks for and starts every role: gateway, orchestrator and workers. */
export async function startHeadrace(given: Config, options: StartOptions): Promise<Headrace> {
  const { log } = options;
  const clock = systemClock;
  const closers: (() => Promise<unknown>)[] = [];
  const close = closeOnce(closers, log);
  try {
    const secretKey = await loadSecretKey({
      configured: given.secretKey,
      dataDir: given.dataDir,
      distributed: given.databaseUrl !== null,
    });
    const { store, carrier, close: closeProfile } = await openProfile(given, { clock, log });
    closers.push(closeProfile);
    const lock = await holdInstanceLock(store, clock, { log, isShared: given.redisUrl !== null });
    closers.push(async () => lock.stop());
    const vault = createVault(deriveKey(secretKey, 'vault'));
    const added = await listAdded(store);
    const supply = await options.supply(added.length);
    const config = supply.ollama ? addOllama(given, supply.ollama) : given;
    await syncAccounts({ store, vault }, listSpecs(config, supply, added));
    const random = createRandom(`${process.pid}/${clock.now()}`);
    const dispatch = await createDispatch({ store, clock, random, log, vault, config });
    closers.push(() => dispatch.close());
    const orchestration = createOrchestration({
      store,
      dispatch,
      clock,
      log,
      config: { orchestrator: null },
    });
    if (options.idle !== true) {
      // A private database has no other machines: with its lock in hand, whoever worked before is gone.
      const alone = lock.taken && config.databaseUrl === null;
      const parts = { store, carrier, dispatch, orchestration, clock, log, alone };
      await startRoles(parts, closers);
    }
    const auth = createAuth({ store, clock, log, secretKey });
    const adminKey = await auth.ensureAdminKey({
      fromEnv: config.adminKey,
      writeTo: join(config.dataDir, 'admin.key'),
    });
    const gateway = await createGateway({
      orchestration,
      dispatch,
      auth,
      store,
      clock,
      log,
      accounts: dispatch.accounts,
      providers: dispatch.providers,
    });
    closers.push(() => gateway.close());
    const { url } = await gateway.listen(config);
    log.info('headrace.started', { url, simulated: dispatch.simulated() });
    return {
      url,
      adminKey: adminKey.key,
      newKeyPath: adminKey.created ? adminKey.path : null,
      accounts: await listAccounts(store),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface RoleDeps extends Omit<Profile, 'close'> {
  dispatch: Dispatch;
  orchestration: Orchestration;
  clock: Clock;
  log: Log;
  /** Nobody else works on this store. */
  alone: boolean;
}

/** Everything that goes on with runs. */
async function startRoles(deps: RoleDeps, closers: (() => Promise<unknown>)[]): Promise<void> {
  const { store, carrier, dispatch, orchestration, clock, log } = deps;
  if (deps.alone) {
    const count = await disownClaims({ store });
    if (count > 0) log.info('tasks.disowned', { count });
  }
  const relay = startRelay({ store, carrier, clock, log });
  closers.push(() => relay.stop());
  await orchestration.start();
  closers.push(() => orchestration.stop());
  const workers = startWorkers({ store, carrier, dispatch, clock, log });
  closers.push(() => workers.drain(drainMs));
}

/** Closes in the reverse order of opening; one that fails does not keep the others open. */
function closeOnce(closers: (() => Promise<unknown>)[], log: Log): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= (async () => {
      for (const closer of closers.toReversed()) {
        try {
          await closer();
        } catch (error) {
          log.error('headrace.close_failed', errorFields(error));
        }
      }
    })();
    return closing;
  };
}

/**
 * Takes the lock now, or as soon as the process that holds it ends: its limits are then ours to keep. Where Redis
 * keeps them (`isShared`), that another process holds it is as usual as another process.
 */
async function holdInstanceLock(
  store: Store,
  clock: Clock,
  { log, isShared }: { log: Log; isShared: boolean },
): Promise<{ taken: boolean; stop(): void }> {
  let cancel = () => {};
  let stopped = false;
  const retry = () => {
    if (stopped) return;
    cancel = clock.setTimer(lockRetryMs, () => {
      if (store.holdsInstanceLock()) return retry();
      store
        .takeInstanceLock()
        .then((taken) => {
          if (taken) log.info('store.instance_lock_taken');
        })
        .catch((error: unknown) => log.warn('store.instance_lock_failed', errorFields(error)))
        .finally(retry);
    });
  };
  const taken = await store.takeInstanceLock();
  if (!taken) log[isShared ? 'info' : 'warn']('store.instance_lock_held_elsewhere');
  retry();
  return {
    taken,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

async function listAccounts(store: Store): Promise<Headrace['accounts']> {
  const accounts = await loadAccounts(store);
  return accounts.filter(({ stateReason }) => stateReason?.kind !== 'removed');
}

function listSpecs(
  config: Config,
  { simulatedAccounts }: Supply,
  added: readonly string[],
): AccountSpec[] {
  // Simulated accounts stand alone: a run must be wholly simulated or wholly real.
  if (simulatedAccounts.length === 0) return config.accounts;
  return simulatedAccounts.map((account) => ({
    // A person may well have called an account openai-a.
    id: added.includes(account.id) ? `simulated-${account.id}` : account.id,
    provider: account.provider,
    managedBy: 'simulation',
    ownerEmail: null,
    entitlement: 'simulated',
    baseUrl: account.base_url,
    models: account.models,
    credentials: [{ id: 'k1', secret: account.secret }],
    limits: account.limits,
    weight: 1,
    priceFactor: 1,
  }));
}

function addOllama(config: Config, { url, models }: FoundOllama): Config {
  return {
    ...config,
    providers: [
      ...config.providers,
      { id: 'ollama', type: 'openai-compatible', baseUrl: `${url}/v1` },
    ],
    accounts: [
      ...config.accounts,
      {
        id: 'ollama',
        provider: 'ollama',
        ownerEmail: null,
        entitlement: null,
        baseUrl: null,
        models,
        // Ollama asks for no key, but a call carries one.
        credentials: [{ id: 'k1', secret: 'ollama' }],
        limits: [{ models: ['*'], concurrency: 2 }],
        weight: 1,
        priceFactor: 1,
        managedBy: 'environment',
      },
    ],
    upstreamAllowCidrs: [...config.upstreamAllowCidrs, '127.0.0.0/8', '::1/128'],
  };
}
