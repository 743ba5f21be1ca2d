/**
 * How much longer than its period a spend is kept, in ms: two calls a minute apart here reach the
 * vendor as much closer as their latencies differ, so it is the spread of recent ones.
 */
export interface WindowGuard {
  ms(): number;
  observe(firstByteMs: number): void;
}

export const maxGuardMs = 500;
const minGuardMs = 100;
const remembered = 16;

export function createWindowGuard(): WindowGuard {
  const recent: number[] = [];
  let guard = maxGuardMs;
  return {
    ms: () => guard,
    observe(firstByteMs) {
      recent.push(firstByteMs);
      if (recent.length > remembered) recent.shift();
      if (recent.length < remembered) return;
      const spread = Math.max(...recent) - Math.min(...recent);
      guard = Math.min(maxGuardMs, Math.max(minGuardMs, spread));
    },
  };
}
