import {
  type Account,
  createGatedLimiter,
  createWaitingRoom,
  type Gauge,
  startLimiter,
} from '../accounts/index.ts';
import { createPrices } from '../ledger/index.ts';
import { createUpstreamPolicy } from '../platform/upstream-address.ts';
import { findProvider, type Provider, vendorIds } from '../providers/index.ts';
import { createAccountKeeper } from './account-keeper.ts';
import { createAttemptLedger } from './attempt-ledger.ts';
import { callModels } from './call-models.ts';
import { createCallRegister } from './call-register.ts';
import { createCredentialRack } from './credential-rack.ts';
import type { AccountDesk } from './desk/account-desk.ts';
import { createAccountDesk } from './desk/create-account-desk.ts';
import { createProviderDesk, type ProviderDesk } from './desk/create-provider-desk.ts';
import { keepAccounts } from './desk/keep-accounts.ts';
import { createPauseTelling } from './desk/tell-pauses.ts';
import { watchForeignUse } from './desk/watch-foreign-use.ts';
import type { Dispatch } from './dispatch.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { createEstimates } from './estimates/estimates.ts';
import { relearn } from './estimates/relearn.ts';
import { openGates } from './gates/open-gates.ts';
import { inTurn } from './in-turn.ts';
import { measureHeadroom } from './measure-headroom.ts';
import { keepQuotas } from './quotas/keep-quotas.ts';
import { createAccountReader } from './read-accounts.ts';
import { resolveModel } from './resolve-model.ts';
import { timeOutsFor } from './time-outs.ts';
import { createTransport, type Transport } from './transport/transport.ts';

/** A dispatch that runs: it holds connections, windows and timers until it is closed. */
export interface RunningDispatch extends Dispatch {
  /** Every bucket that was used: its limit, what counts against it, what holds it back. */
  gauges(accountId?: string): Gauge[];
  /** What a person does with accounts. */
  accounts: AccountDesk;
  providers: ProviderDesk;
  /** Reads the accounts anew, after they were changed. */
  reload(): Promise<void>;
  /** Ends the calls under way, settles them, closes connections, writes the limiter's windows a last time. */
  close(): Promise<void>;
}

/** Where the simulator listens. */
const loopback = ['127.0.0.0/8', '::1/128'];

/** Reads the accounts, takes over the windows of the process before, and is ready to call. */
export async function createDispatch(deps: DispatchDeps): Promise<RunningDispatch> {
  const { store, clock, random, log, config } = deps;
  const prices = createPrices(config.prices);
  const providers = collectProviders(config.providers);
  const read = createAccountReader({ store, clock, prices, providers });
  let { directory, limited, accounts, drained } = await read();
  const gates = openGates(deps, { directory: () => directory, drained });
  const counting = await startLimiter({ store, clock, log }, limited, redisOf(config));
  const limiter = createGatedLimiter(counting, gates.watch);
  const room = createWaitingRoom({ limiter, clock, tenants: config.tenants ?? {} });
  const estimates = await relearn(store, createEstimates());
  const rack = createCredentialRack({ store, vault: deps.vault, clock });
  const keeper = createAccountKeeper({ store, clock, log, limiter, rack });
  await keeper.resume(accounts);
  const outside = wireTo(deps, config.upstreamAllowCidrs);
  const inside = wireTo(deps, loopback);
  const parts: DispatchParts = {
    ledger: createAttemptLedger(store),
    clock,
    random,
    log,
    limiter,
    room,
    estimates,
    gates,
    prices,
    rack,
    keeper,
    reached: new Set(),
    missedAt: new Map(),
    choice: config.choice ?? 'most_headroom',
    aliases: config.aliases,
    directory: () => directory,
    transportFor: ({ managedBy }) => (managedBy === 'simulation' ? inside : outside),
    timeOutsFor: deps.timeOutsFor ?? ((model) => timeOutsFor(model, config.timeOuts)),
  };
  const reload = inTurn(async () => {
    ({ directory, limited, accounts, drained } = await read());
    gates.drain(drained);
    rack.renew();
    keeper.adopt(accounts);
    await limiter.configure(limited);
  });
  const pauses = createPauseTelling({ store, limiter });
  const keeping = { ...parts, store, vault: deps.vault, providers, reload, pauses };
  const stops = [keepAccounts(keeping), keepQuotas(keeping), watchForeignUse(keeping)];
  const calls = createCallRegister();
  return {
    call: (order) => calls.run(order, (bounded) => callModels(parts, bounded)),
    models: () => directory.list(),
    resolveModel: (name) => resolveModel(directory, config.aliases, name).info,
    headroom: (models, size) => measureHeadroom(parts, models, size),
    simulated: () => isSimulated(directory.accounts),
    gauges: (accountId) => limiter.gauges(accountId),
    accounts: createAccountDesk({ ...keeping, allowCidrs: config.upstreamAllowCidrs }),
    providers: createProviderDesk(keeping),
    reload,
    async close() {
      for (const stop of stops) stop();
      await calls.end();
      room.close();
      await Promise.all([outside.close(), inside.close()]);
      await limiter.close();
    },
  };
}

function wireTo({ transport }: DispatchDeps, cidrs: readonly string[]): Transport {
  return transport ?? createTransport(createUpstreamPolicy(cidrs));
}

function redisOf({ redisUrl, limiterFail }: DispatchDeps['config']) {
  return redisUrl ? { url: redisUrl, fail: limiterFail ?? 'closed' } : null;
}

function isSimulated(accounts: readonly Account[]): boolean {
  return accounts.length > 0 && accounts.every(({ managedBy }) => managedBy === 'simulation');
}

function collectProviders(hosts: DispatchDeps['config']['providers']): Map<string, Provider> {
  const named = vendorIds.map((id) => [id, findProvider(id)] as const);
  const own = hosts.map((host) => [host.id, findProvider(host)] as const);
  return new Map([...named, ...own]);
}
