import { startAdvancing } from './advance/start-advancing.ts';
import { startBalancing } from './assign/start-balancing.ts';
import { startControl } from './control/start-control.ts';
import type { OrchestrationDeps } from './deps.ts';
import { startSweeping } from './start-sweeping.ts';

export interface Role {
  stop(): Promise<void>;
}

/** The orchestrator role: four loops that meet only in the store, and wake each other within the process. */
export function startRole(deps: OrchestrationDeps): Role {
  const balancing = startBalancing(deps);
  const sweeping = startSweeping(deps);
  const control = startControl(deps);
  const advancing = startAdvancing(deps, (advanced) => {
    if (advanced.work) balancing.wake();
    if (advanced.control) control.wake();
  });
  return {
    async stop() {
      await Promise.all([advancing.stop(), balancing.stop(), sweeping.stop()]);
      await control.stop();
    },
  };
}
