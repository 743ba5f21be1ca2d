import fc from 'fast-check';
import { leaseMs } from '../../src/queue/index.ts';

/** An assignment that nobody claims is taken back after this, ms. */
export const unclaimedMs = 30_000;

/** What workers, the orchestrator and time may do to the queue. */
export type Action =
  /** `begin`: assigned and delivered at once, as nearly always. */
  | { do: 'assign' | 'begin' | 'cancel'; task: number }
  /** Any message ever sent, however old or often delivered. */
  | { do: 'deliver'; message: number; worker: number }
  /** By any worker that ever claimed, however stale its claim. */
  | { do: 'record' | 'fail' | 'retry' | 'refuse' | 'release' | 'renew'; claim: number }
  | { do: 'call' | 'settle'; claim: number }
  | { do: 'wait'; ms: number }
  | { do: 'sweep' | 'withdraw' };

// Counted back from the newest: mostly the current one, sometimes one long stale.
const recent = fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(12) });
const toTask = (...kinds: ('assign' | 'begin' | 'cancel')[]) =>
  fc.record({ do: fc.constantFrom(...kinds), task: fc.nat(2) });
const toClaim = (...kinds: Extract<Action, { claim: number }>['do'][]) =>
  fc.record({ do: fc.constantFrom(...kinds), claim: recent });
/** Any of it in any order. */
export const actions = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: toTask('begin') },
    { weight: 3, arbitrary: toTask('assign') },
    { weight: 1, arbitrary: toTask('cancel') },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        message: recent,
        worker: fc.nat(2),
      }),
    },
    { weight: 3, arbitrary: toClaim('record', 'fail') },
    { weight: 7, arbitrary: toClaim('retry', 'refuse', 'release', 'renew') },
    { weight: 6, arbitrary: toClaim('call', 'settle') },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        ms: fc.constantFrom(1_000, unclaimedMs + 1, leaseMs + 1),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'withdraw' as const) }),
    },
  ) as fc.Arbitrary<Action>,
  { minLength: 20, maxLength: 70 },
);
