import fc from 'fast-check';
import type { RunSettings } from '../src/orchestration/index.ts';

/** What workers, a planner, a person and time may do to a run. */
export type Action =
  | { type: 'claim'; pick: number }
  | { type: 'succeed'; pick: number; good: boolean; defects: number }
  | { type: 'fail'; pick: number; budget: boolean }
  | { type: 'plan'; deps: number[]; required: boolean; panel: boolean }
  | { type: 'planned' }
  | { type: 'command'; command: 'answer' | 'approve' | 'pause' | 'resume' | 'cancel' }
  | { type: 'wait'; ms: number };

export const runAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ type: fc.constant('claim' as const), pick: fc.nat(20) }) },
  {
    weight: 24,
    arbitrary: fc.record({
      type: fc.constant('succeed' as const),
      pick: fc.nat(20),
      good: fc.boolean(),
      defects: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fail' as const),
      pick: fc.nat(20),
      budget: fc.nat(9).map((roll) => roll === 0),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('plan' as const),
      deps: fc.array(fc.nat(6), { maxLength: 3 }),
      required: fc.boolean(),
      panel: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'planned' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('command' as const),
      command: fc.constantFrom(
        ...(['answer', 'approve', 'approve', 'pause', 'resume', 'resume', 'resume'] as const),
        'cancel',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(3 * 60_000) }),
  },
) as fc.Arbitrary<Action>;

export type GivenSettings = Pick<RunSettings, 'clarify' | 'approve' | 'rework' | 'timeout_ms'>;

export const runSettings = fc.record({
  clarify: fc.constantFrom('ask', 'auto', 'off'),
  approve: fc.constantFrom('ask', 'auto'),
  rework: fc.nat(2),
  timeout_ms: fc.constantFrom(600_000, 3_600_000, 86_400_000),
}) as fc.Arbitrary<GivenSettings>;
