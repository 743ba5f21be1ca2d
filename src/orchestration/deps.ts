import type { Dispatch } from '../dispatch/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';

export interface OrchestrationConfig {
  /** The model that clarifies, plans, merges and judges where a project names none; `null`: the best there is. */
  orchestrator: string | null;
}

export interface OrchestrationDeps {
  store: Store;
  dispatch: Dispatch;
  clock: Clock;
  log: Log;
  config: OrchestrationConfig;
}
