import type { Store } from '../../platform/store/store.ts';

/** Tells streams that their run may have new events. One ear at the store for all of them. */
export interface RunHints {
  /** Returns the way to stop hearing; the last one out closes the ear. */
  watch(runId: string, wake: () => void): () => void;
}

export function createRunHints(store: Pick<Store, 'listen'>): RunHints {
  const watchers = new Map<string, Set<() => void>>();
  let stopListening: (() => void) | undefined;

  const hear = (runId: string) => {
    for (const wake of watchers.get(runId) ?? []) wake();
  };

  return {
    watch(runId, wake) {
      stopListening ??= store.listen('run', hear);
      const ofRun = watchers.get(runId) ?? new Set();
      watchers.set(runId, ofRun.add(wake));
      return () => {
        ofRun.delete(wake);
        if (ofRun.size === 0 && watchers.get(runId) === ofRun) watchers.delete(runId);
        if (watchers.size > 0) return;
        stopListening?.();
        stopListening = undefined;
      };
    },
  };
}
