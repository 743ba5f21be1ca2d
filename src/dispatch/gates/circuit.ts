import type { Clock } from '../../platform/clock.ts';

export type CircuitState = 'closed' | 'open' | 'half_open';

/** Nygard's breaker ("Release It!", 2007): stops asking a provider that only fails, and tries it again. */
export interface Circuit {
  state(): CircuitState;
  /** Milliseconds until it is tried again; 0 unless it is open. */
  waitMs(): number;
  /** Whether the trial of a half-open circuit is out. */
  isTrying(): boolean;
  /** A call goes out; the returned function says that it came back. */
  enter(): () => void;
  /** Of a call that was sent at `sentAt`, epoch ms. */
  succeeded(sentAt: number): void;
  /** `retryAfterMs`: the vendor's own word, where it gave one. */
  failed(sentAt: number, retryAfterMs: number | null): void;
}

/** Outcomes older than this, ms, say nothing of now. */
const windowMs = 60_000;
/** As many of the latest outcomes are weighed. */
const weighed = 20;
/** It opens at so many failures, if they are at least this share of what is weighed. */
const fewestFailures = 5;
const worstShare = 0.5;
/** How long it stays open, ms: at first, and at most; it doubles with every trial that fails. */
const firstOpenMs = 5000;
const longestOpenMs = 60_000;
/** Trials in a row that must succeed before it closes. */
const trialsToClose = 2;

export function createCircuit(clock: Clock, changed: (state: CircuitState) => void): Circuit {
  let outcomes: { at: number; failed: boolean }[] = [];
  let openUntil: number | null = null;
  /** When it was tried again for the last time; stays when it closes. */
  let triedFrom = Number.NEGATIVE_INFINITY;
  let openMs = firstOpenMs;
  let trials = 0;
  let passed = 0;

  function state(): CircuitState {
    if (openUntil === null) return 'closed';
    return clock.now() < openUntil ? 'open' : 'half_open';
  }

  /**
   * Calls that were under way when it opened neither keep it open for longer nor close it, nor open it anew:
   * a hang of then that times out when the provider is tried again, or works again, says nothing of now.
   */
  function isLate(sentAt: number): boolean {
    return sentAt < triedFrom;
  }

  function note(failed: boolean): void {
    const since = clock.now() - windowMs;
    outcomes = [...outcomes.filter(({ at }) => at > since), { at: clock.now(), failed }];
    outcomes = outcomes.slice(-weighed);
  }

  function open(retryAfterMs: number | null): void {
    openUntil = clock.now() + Math.max(openMs, Math.min(longestOpenMs, retryAfterMs ?? 0));
    triedFrom = openUntil;
    openMs = Math.min(longestOpenMs, openMs * 2);
    passed = 0;
    changed('open');
  }

  return {
    state,
    waitMs: () => Math.max(0, (openUntil ?? 0) - clock.now()),
    isTrying: () => trials > 0,
    enter() {
      if (state() !== 'half_open') return () => undefined;
      trials += 1;
      return () => {
        trials -= 1;
      };
    },
    succeeded(sentAt) {
      if (isLate(sentAt)) return;
      note(false);
      if (state() !== 'half_open') return;
      passed += 1;
      if (passed < trialsToClose) return;
      openUntil = null;
      openMs = firstOpenMs;
      outcomes = [];
      changed('closed');
    },
    failed(sentAt, retryAfterMs) {
      if (isLate(sentAt)) return;
      const before = state();
      note(true);
      const failures = outcomes.filter(({ failed }) => failed).length;
      const isBad = failures >= fewestFailures && failures >= worstShare * outcomes.length;
      if (before === 'half_open' || isBad) open(retryAfterMs);
    },
  };
}
