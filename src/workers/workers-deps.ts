import type { Dispatch } from '../dispatch/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Store } from '../platform/store/store.ts';
import type { AnsweredClaim, Carrier, Claim, TaskContext } from '../queue/index.ts';

export interface WorkersDeps {
  store: Store;
  carrier: Carrier;
  dispatch: Dispatch;
  clock: Clock;
  log: Log;
}

/** What one task is worked on with. */
export interface TaskWork extends WorkersDeps {
  random: Random;
  readContext(claim: Claim): Promise<TaskContext>;
  recordAnswer(answered: AnsweredClaim): Promise<{ accepted: boolean }>;
}
