import type { Clock } from './clock.ts';

/**
 * Does `work` every `everyMs`, never two at once; the returned function ends it. An error goes to
 * `failed` and the next turn comes all the same: one lost connection must not end a heartbeat for ever.
 */
export function repeat(
  clock: Clock,
  everyMs: number,
  { work, failed }: { work: () => Promise<void>; failed: (error: unknown) => void },
): () => void {
  let ended = false;
  let cancel: () => void = () => {};
  const turn = () => {
    work()
      .catch(failed)
      .finally(() => {
        if (!ended) cancel = clock.setTimer(everyMs, turn);
      });
  };
  cancel = clock.setTimer(everyMs, turn);
  return () => {
    ended = true;
    cancel();
  };
}
