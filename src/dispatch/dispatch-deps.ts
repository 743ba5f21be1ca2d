import type { Vault } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config, TimeOuts } from '../platform/config/config.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Store } from '../platform/store/store.ts';
import type { Transport } from './transport/transport.ts';

export interface DispatchDeps {
  store: Store;
  clock: Clock;
  random: Random;
  log: Log;
  vault: Vault;
  /** Other time-outs than the usual ones, for tests. */
  timeOutsFor?: (model: { thinking: boolean }) => TimeOuts;
  /** Another wire than HTTP, for what is measured without one. */
  transport?: Transport;
  config: Pick<Config, 'aliases' | 'prices' | 'providers' | 'upstreamAllowCidrs'> &
    Partial<Pick<Config, 'redisUrl' | 'limiterFail' | 'choice' | 'tenants' | 'timeOuts'>>;
}
