import type { Clock } from '../../platform/clock.ts';
import type { Store } from '../../platform/store/store.ts';

/** Tells streams that their run may have new events. One ear at the store for all of them. */
export interface RunHints {
  /** Returns the way to stop hearing; the last one out closes the ear. */
  watch(runId: string, wake: () => void): () => void;
}

export interface RunHintsDeps {
  store: Pick<Store, 'listen'>;
  clock: Clock;
  /** Least time between two wakes of a run's streams, in ms; the first hint after a silence wakes at once. */
  gatherMs?: number;
}

/** A busy run records hundreds of events in a second, and to read each by itself costs more than to make it. */
const usualGatherMs = 25;

interface Watched {
  wakes: Set<() => void>;
  lastAt: number;
  cancel: (() => void) | null;
}

export function createRunHints(deps: RunHintsDeps): RunHints {
  const { clock, store, gatherMs = usualGatherMs } = deps;
  const watched = new Map<string, Watched>();
  let stopListening: (() => void) | undefined;

  const wakeAll = (run: Watched) => {
    run.cancel = null;
    run.lastAt = clock.now();
    for (const wake of run.wakes) wake();
  };
  const hear = (runId: string) => {
    const run = watched.get(runId);
    if (!run || run.cancel) return;
    const waitMs = run.lastAt + gatherMs - clock.now();
    if (waitMs <= 0) wakeAll(run);
    else run.cancel = clock.setTimer(waitMs, () => wakeAll(run));
  };

  return {
    watch(runId, wake) {
      stopListening ??= store.listen('run', hear);
      const run = watched.get(runId) ?? {
        wakes: new Set(),
        lastAt: Number.NEGATIVE_INFINITY,
        cancel: null,
      };
      watched.set(runId, run);
      run.wakes.add(wake);
      return () => {
        run.wakes.delete(wake);
        if (run.wakes.size === 0 && watched.get(runId) === run) {
          run.cancel?.();
          watched.delete(runId);
        }
        if (watched.size > 0) return;
        stopListening?.();
        stopListening = undefined;
      };
    },
  };
}
