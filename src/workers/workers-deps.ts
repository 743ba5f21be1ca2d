import type { Dispatch } from '../dispatch/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import type { Carrier } from '../queue/index.ts';

export interface WorkersDeps {
  store: Store;
  carrier: Carrier;
  dispatch: Dispatch;
  clock: Clock;
  log: Log;
}
