import { errorFields } from '../../platform/log.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { type Pulse, startPulse } from '../pulse.ts';
import { balance } from './balance.ts';

/** How often ready tasks are looked for where no hint came, in ms. */
const pollMs = 500;

/** Assigns whenever tasks become ready, slots become free, or a pool said that it has room again. */
export function startBalancing(deps: OrchestrationDeps): Pulse {
  let cancelRefill = () => {};
  let left = 0;
  const pulse = startPulse(deps.clock, pollMs, async () => {
    try {
      const { waitMs, ...balanced } = await balance(deps);
      left = balanced.left;
      cancelRefill();
      if (waitMs < pollMs) cancelRefill = deps.clock.setTimer(Math.max(1, waitMs), pulse.wake);
    } catch (error) {
      deps.log.warn('tasks.not_balanced', errorFields(error));
    }
  });
  // An ended task leaves a free slot for those that found none; what it makes ready is told after the
  // advance. A handed back one is ready again: announced by its run. An assignment is announced by its
  // provider, and is this loop's own.
  const stopListening = [
    deps.store.listen('advance', () => {
      if (left > 0) pulse.wake();
    }),
    deps.store.listen('task', (payload) => {
      if (payload.startsWith('run_')) pulse.wake();
    }),
  ];
  return {
    wake: pulse.wake,
    async stop() {
      for (const stop of stopListening) stop();
      cancelRefill();
      await pulse.stop();
    },
  };
}
