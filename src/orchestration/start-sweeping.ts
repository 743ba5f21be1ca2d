import { errorFields } from '../platform/log.ts';
import { sweep } from '../queue/index.ts';
import type { OrchestrationDeps } from './deps.ts';
import { type Pulse, startPulse } from './pulse.ts';

/** How often lapsed leases and unclaimed assignments are looked for, in ms. */
const everyMs = 5_000;

/** Brings back what workers and orchestrators lost. */
export function startSweeping(deps: OrchestrationDeps): Pulse {
  return startPulse(deps.clock, everyMs, async () => {
    try {
      const swept = await sweep(deps);
      const count = swept.lapsed + swept.unclaimed;
      if (count > 0) deps.log.info('tasks.swept', { count });
    } catch (error) {
      deps.log.warn('tasks.not_swept', errorFields(error));
    }
  });
}
