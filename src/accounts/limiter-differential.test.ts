import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { noRedis } from '../../test/redis-server.ts';
import { wantedTraces } from '../../test/wanted-traces.ts';
import { choicePolicies, limitDimensions } from '../platform/config/config.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { createEmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
import type {
  Candidate,
  Cost,
  LimitedAccount,
  Limiter,
  Pause,
  ReserveOutcome,
  Settlement,
} from './limiter.ts';
import { shareRedis } from './redis/share-redis.contract.ts';

/** The embedded limiter and the one in a real Redis decide the same, whatever happens to them. */
const traces = wantedTraces(1000);
const cellMs = 100;
/** No reservation lapses here: the embedded limiter looks for those once a second, the script at each call. */
const lastsMs = 1e10;

const openPinned = shareRedis();

async function openBoth(accounts: readonly LimitedAccount[]) {
  const clock = createManualClock(Date.UTC(2026, 2, 7, 7, 58));
  const embedded = createEmbeddedLimiter({ clock, mayAdmit: () => true });
  const redis = await openPinned(clock);
  await embedded.configure(accounts);
  await redis.configure(accounts);
  return { clock, embedded, redis };
}

type Both = Awaited<ReturnType<typeof openBoth>>;

const amount = (max: number) => fc.integer({ min: 0, max });
const limit = (max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max }) },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );

const account = fc.record({
  rpm: limit(12),
  rpd: limit(40),
  tpm: limit(600),
  itpm: limit(400),
  otpm: limit(300),
  concurrency: limit(4),
  dayZone: fc.constantFrom(null, 'America/Los_Angeles', 'Asia/Shanghai'),
  perSecondShares: fc.boolean(),
  ramp: fc.constantFrom(null, null, { above: 200, growth: 1.5, perMs: 60_000 }),
  usable: fc.constantFrom(true, true, true, false),
  weight: fc.constantFrom(undefined, 1, 0.5, 0.2),
  price: fc.constantFrom(undefined, 1, 0.8, 0),
});

const cost = fc.record({
  rpm: amount(2),
  rpd: amount(2),
  tpm: amount(250),
  itpm: amount(150),
  otpm: amount(120),
  concurrency: amount(1),
});

const place = amount(2);
const dimension = fc.constantFrom(...limitDimensions);
const ask = fc.record({
  kind: fc.constant('ask' as const),
  cost,
  from: fc.constantFrom([0, 1, 2], [2, 1, 0], [1], [0, 2]),
  affinity: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  choice: fc.constantFrom(undefined, undefined, ...choicePolicies),
  leave: fc.constantFrom(undefined, undefined, 0.05, 0.4),
});
const step = fc.oneof(
  { weight: 8, arbitrary: ask },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(
        { weight: 5, arbitrary: amount(300) },
        { weight: 5, arbitrary: amount(20_000) },
        { weight: 1, arbitrary: amount(200_000) },
        // Past a midnight; slow to play, for a heartbeat comes every second.
        { weight: 1, arbitrary: amount(4_000_000) },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sent' as const), which: amount(20) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      which: amount(20),
      outcome: fc.constantFrom(
        'used' as const,
        'used' as const,
        'unknown' as const,
        'unsent' as const,
      ),
      actual: fc.option(cost, { nil: undefined }),
      refused: fc.option(
        fc.record({
          dimension: fc.option(dimension),
          limit: fc.option(fc.integer({ min: 1, max: 300 })),
        }),
        { nil: undefined, freq: 3 },
      ),
      succeeded: fc.boolean(),
      firstByteMs: fc.option(amount(900), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      place,
      scoped: fc.boolean(),
      dimension: fc.option(dimension, { nil: undefined }),
      forMs: fc.option(amount(30_000)),
      provenance: fc.constantFrom('stated' as const, 'guessed' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clear' as const), place, scoped: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      place,
      seenAgoMs: fc.oneof(amount(20), amount(70_000)),
      tookMs: fc.oneof(amount(2000), amount(90_000)),
      seen: fc.array(
        fc.record({
          dimension,
          limit: fc.option(fc.integer({ min: 1, max: 500 })),
          remaining: fc.option(amount(500)),
        }),
        { maxLength: 3 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('configure' as const), place, account }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type DrawnAccount = typeof account extends fc.Arbitrary<infer T> ? T : never;

const names = ['a', 'b', 'c'];
const modelClass = 'rule:m';
const seat = (at: number): Candidate => ({ accountId: names[at] ?? 'a', modelClass });

function describe(id: string, drawn: DrawnAccount): LimitedAccount {
  const { dayZone, perSecondShares, ramp, usable, weight, price, ...limits } = drawn;
  const rule = Object.fromEntries(Object.entries(limits).filter(([, each]) => each !== undefined));
  return {
    id,
    rules: [{ models: ['m'], ...rule }],
    policy: { dayZone, perSecondShares, ramp },
    usable,
    ...(weight === undefined ? {} : { weight }),
    ...(price === undefined ? {} : { price }),
    scope: 'vendor',
  };
}

interface Out {
  embedded: string;
  redis: string;
}

interface Play extends Both {
  accounts: LimitedAccount[];
  out: Out[];
}

/** Both are asked the same; where one grants and the other does not, the trace has failed. */
async function playAsk(play: Play, drawn: Extract<Step, { kind: 'ask' }>): Promise<void> {
  const { clock, out } = play;
  const asked = {
    candidates: drawn.from.map(seat),
    cost: drawn.cost as Cost,
    affinity: drawn.affinity,
    leave: drawn.leave,
    choice: drawn.choice,
    expiresAt: clock.now() + lastsMs,
  };
  const embedded = await play.embedded.reserve(asked);
  const redis = await play.redis.reserve(asked);
  compare(embedded, redis);
  if (embedded.kind !== 'granted' || redis.kind !== 'granted') return;
  out.push({
    embedded: embedded.reservationId,
    redis: redis.reservationId,
  });
}

function compare(embedded: ReserveOutcome, redis: ReserveOutcome): void {
  const seen = `embedded ${JSON.stringify(embedded)}, Redis ${JSON.stringify(redis)}`;
  if (embedded.kind === 'granted' && redis.kind === 'granted') {
    assert.equal(redis.accountId, embedded.accountId, seen);
    assert.ok(Math.abs(redis.headroom - embedded.headroom) < 1e-9, seen);
  } else if (embedded.kind === 'wait' && redis.kind === 'wait') {
    assert.ok(Math.abs(redis.waitMs - embedded.waitMs) <= cellMs, seen);
    assert.deepEqual({ ...redis, waitMs: 0 }, { ...embedded, waitMs: 0 }, seen);
  } else assert.deepEqual(redis, embedded, seen);
}

async function each(
  play: Play,
  work: (limiter: Limiter, own: 'embedded' | 'redis') => Promise<void>,
) {
  await work(play.embedded, 'embedded');
  await work(play.redis, 'redis');
}

async function playStep(play: Play, drawn: Step): Promise<void> {
  const { clock, out } = play;
  switch (drawn.kind) {
    case 'ask':
      return playAsk(play, drawn);
    case 'wait':
      return clock.advance(drawn.ms);
    case 'sent': {
      const one = out[drawn.which % Math.max(1, out.length)];
      if (one) await each(play, (limiter, own) => limiter.sent(one[own]));
      break;
    }
    case 'settle': {
      const { which, kind: _, ...drawnEnd } = drawn;
      const [one] = out.splice(which % Math.max(1, out.length), 1);
      const given = Object.entries(drawnEnd).filter(([, value]) => value !== undefined);
      const settlement = Object.fromEntries(given) as unknown as Settlement;
      if (one) await each(play, (limiter, own) => limiter.settle(one[own], settlement));
      break;
    }
    case 'pause': {
      const pause: Pause = {
        accountId: seat(drawn.place).accountId,
        modelClass: drawn.scoped ? modelClass : undefined,
        dimension: drawn.dimension,
        until: drawn.forMs === null ? null : clock.now() + drawn.forMs,
        provenance: drawn.provenance,
        reason: `pause of ${drawn.forMs}`,
      };
      await each(play, (limiter) => limiter.pause(pause));
      break;
    }
    case 'clear': {
      const { accountId } = seat(drawn.place);
      await each(play, (limiter) =>
        limiter.clear(accountId, drawn.scoped ? modelClass : undefined),
      );
      break;
    }
    case 'correct': {
      const seenAt = clock.now() - drawn.seenAgoMs;
      const sentAt = seenAt - drawn.tookMs;
      await each(play, (limiter) =>
        limiter.correct({ ...seat(drawn.place), sentAt, seenAt, seen: drawn.seen }),
      );
      break;
    }
    case 'configure': {
      const spec = play.accounts[drawn.place];
      if (!spec) break;
      // What a vendor counts, and in which zone, stays with the account.
      play.accounts[drawn.place] = { ...describe(spec.id, drawn.account), policy: spec.policy };
      await each(play, (limiter) => limiter.configure(play.accounts));
    }
  }
  await play.redis.look();
}

it('decides in Redis as it does in process, on the same trace', { skip: noRedis }, async () => {
  const accounts = fc.tuple(account, account, account);
  await fc.assert(
    fc.asyncProperty(accounts, fc.array(step, { maxLength: 60 }), async (drawn, steps) => {
      const specs = drawn.map((each, index) => describe(names[index] ?? '', each));
      const play: Play = { ...(await openBoth(specs)), accounts: specs, out: [] };
      try {
        for (const one of steps) await playStep(play, one);
      } finally {
        await play.embedded.close();
        await play.redis.close();
      }
    }),
    { numRuns: traces, endOnFailure: true },
  );
});
