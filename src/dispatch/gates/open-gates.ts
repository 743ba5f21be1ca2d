import { recordPoolEvent } from '../../accounts/index.ts';
import { errorFields } from '../../platform/log.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { ModelDirectory } from '../model-directory.ts';
import { createGates, type Gates, providerOf } from './create-gates.ts';
import { limitOf } from './limit-of.ts';

/** The gates of every pool; what their breakers do is recorded. */
export function openGates(
  { store, clock, log }: Pick<DispatchDeps, 'store' | 'clock' | 'log'>,
  { directory, drained }: { directory: () => ModelDirectory; drained: ReadonlySet<string> },
): Gates {
  const gates = createGates({
    clock,
    ceilingOf(pool) {
      const found = directory().find(pool);
      return found ? limitOf(found) : Number.POSITIVE_INFINITY;
    },
    breakerChanged(pool, state) {
      const provider = providerOf(pool);
      const type = state === 'open' ? 'breaker.opened' : 'breaker.closed';
      log[state === 'open' ? 'warn' : 'info'](type, { provider, model: pool });
      store
        .transaction('system', (tx) =>
          recordPoolEvent(tx, { type, provider, data: { model: pool } }),
        )
        // The breaker works without its record; only the history has a gap.
        .catch((error: unknown) => log.warn('breaker.not_recorded', errorFields(error)));
    },
  });
  gates.drain(drained);
  return gates;
}
