import type { PoolGate } from '../../accounts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ExchangeEnd } from '../exchange-end.ts';
import { type AdaptiveLimit, createAdaptiveLimit } from './adaptive-limit.ts';
import { type Circuit, type CircuitState, createCircuit } from './circuit.ts';

/** One provider's model, as its gate sees it. */
export interface GateView {
  /** `provider/model`. */
  pool: string;
  breaker: CircuitState;
  /** Milliseconds until an open breaker tries the provider again. */
  opensInMs: number;
  drained: boolean;
  inFlight: number;
  /** `null`: nothing bounds it but the accounts' limits. */
  concurrency: number | null;
}

export interface Gates {
  of(pool: string): PoolGate;
  /** What a call's end says of its provider. A refusal for a limit says nothing: the account is full, not the host. */
  record(pool: string, end: ExchangeEnd): void;
  /** Replaces what operators have taken out: `provider`, or `provider/model`. */
  drain(names: ReadonlySet<string>): void;
  view(pool: string): GateView;
  watch(hear: () => void): () => void;
}

export interface GatesDeps {
  clock: Clock;
  /** Calls that a pool's accounts together may have out. */
  ceilingOf(pool: string): number;
  breakerChanged(pool: string, state: CircuitState): void;
}

interface Gate extends PoolGate {
  circuit: Circuit;
  load: AdaptiveLimit;
}

/** How often a drained or crowded pool is looked at again, ms, should nobody tell. */
const drainedMs = 60_000;
const crowdedMs = 1000;

export function createGates(deps: GatesDeps): Gates {
  const gates = new Map<string, Gate>();
  const listeners = new Set<() => void>();
  let drained: ReadonlySet<string> = new Set();
  const wake = () => {
    for (const hear of listeners) hear();
  };
  const isDrained = (pool: string) => drained.has(pool) || drained.has(providerOf(pool));

  function of(pool: string): Gate {
    let gate = gates.get(pool);
    if (!gate) {
      gate = createGate(deps, pool, { isDrained, wake });
      gates.set(pool, gate);
    }
    return gate;
  }

  return {
    of,
    record(pool, end) {
      const { circuit, load } = of(pool);
      const sign = signOf(end);
      if (sign === 'works') {
        circuit.succeeded(end.sentAt);
        load.succeeded();
      } else if (sign !== null) {
        if (sign === 'overrun') load.overrun();
        circuit.failed(end.sentAt, end.kind === 'failed' ? end.failure.retryAfterMs : null);
      }
    },
    drain(names) {
      drained = names;
      wake();
    },
    view(pool) {
      const { circuit, load } = of(pool);
      const limit = load.limit();
      return {
        pool,
        breaker: circuit.state(),
        opensInMs: circuit.waitMs(),
        drained: isDrained(pool),
        inFlight: load.inFlight(),
        concurrency: Number.isFinite(limit) ? limit : null,
      };
    },
    watch(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
  };
}

function createGate(
  deps: GatesDeps,
  pool: string,
  around: { isDrained(pool: string): boolean; wake(): void },
): Gate {
  const load = createAdaptiveLimit(deps.clock, () => deps.ceilingOf(pool));
  const circuit = createCircuit(deps.clock, (state) => {
    deps.breakerChanged(pool, state);
    around.wake();
  });
  // Each wakening makes all that wait ask anew, which with Redis is a round trip.
  let hasRefused = false;

  function judge(): ReturnType<PoolGate['refusal']> {
    if (around.isDrained(pool)) return { waitMs: drainedMs, exact: false, reason: 'drained' };
    const state = circuit.state();
    if (state === 'open') return { waitMs: circuit.waitMs(), exact: true, reason: 'breaker' };
    if (state === 'half_open' && circuit.isTrying()) {
      return { waitMs: crowdedMs, exact: false, reason: 'breaker' };
    }
    if (load.inFlight() < load.limit()) return null;
    return { waitMs: crowdedMs, exact: false, reason: 'overrun' };
  }

  return {
    circuit,
    load,
    refusal() {
      const refused = judge();
      if (refused) hasRefused = true;
      return refused;
    },
    room() {
      const left = load.limit() - load.inFlight();
      return circuit.state() === 'closed' ? left : Math.min(left, 1);
    },
    enter() {
      load.enter();
      const back = circuit.enter();
      return {
        leave(used) {
          load.leave();
          back();
          if (!(used && hasRefused)) return;
          hasRefused = false;
          around.wake();
        },
      };
    },
  };
}

/** `works`: the provider answered, if only to refuse the request. `null`: this end says nothing about it. */
function signOf(end: ExchangeEnd): 'works' | 'trouble' | 'overrun' | null {
  if (end.kind === 'answered') return 'works';
  if (end.kind === 'cancelled') return null;
  const { kind, scope, code } = end.failure;
  if (kind === 'content' || (kind === 'caller' && code !== 'address_forbidden')) return 'works';
  if (kind !== 'transient') return null;
  return end.timedOut || scope === 'provider_model' ? 'overrun' : 'trouble';
}

export function providerOf(pool: string): string {
  return pool.slice(0, pool.indexOf('/'));
}
