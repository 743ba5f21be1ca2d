import type { Account, Limiter } from '../accounts/index.ts';
import { limiterPause } from './pause-for.ts';

/** What the process before was told by the vendors; a limiter that was killed may not have written it. */
export async function restorePauses(limiter: Limiter, accounts: readonly Account[]): Promise<void> {
  for (const { id, pauses } of accounts) {
    const known = limiter.gauges(id).flatMap((gauge) => gauge.pauses);
    for (const pause of pauses) {
      const wanted = limiterPause(id, pause);
      const isKnown = known.some(
        (held) =>
          held.modelClass === wanted.modelClass &&
          held.dimension === wanted.dimension &&
          (held.until ?? Number.POSITIVE_INFINITY) >= pause.until,
      );
      if (!isKnown) await limiter.pause(wanted);
    }
  }
}
