import { type Limiter, startLimiter } from '../src/accounts/index.ts';
import { sleep, systemClock } from '../src/platform/clock.ts';
import { silentLog } from '../src/platform/log.ts';
import { noRedis, startRedis } from '../test/redis-server.ts';
import { readRedisCalls } from './read-redis-calls.ts';
import { emptyStore } from './redis/empty-store.ts';
import { type FullPool, measureFullPool } from './redis/measure-full-pool.ts';

// Redis round trips per admitted call, counted by the server: reservations, sending, settlements, heartbeats
// and refused tries included. Goal: at most 1.1.

const seconds = 5;
const scenarios = [
  { accounts: 1, callers: 64 },
  { accounts: 20, callers: 64 },
  { accounts: 100, callers: 64 },
];
/** A minute and a half each, in one process that plays all of them. */
const fullPools: readonly FullPool[] = [
  { processes: 1, calls: 'alike' },
  { processes: 8, calls: 'alike' },
  { processes: 8, calls: 'mixed' },
  { processes: 8, calls: 'giving back' },
];
/** How long a call is out, ms. */
const callMs = 50;

interface Load {
  callers: number;
  accounts: readonly { accountId: string; modelClass: string }[];
}

async function callFor(limiter: Limiter, { callers, accounts }: Load) {
  const waits: number[] = [];
  const endAt = Date.now() + seconds * 1000;
  const one = async () => {
    while (Date.now() < endAt) {
      const asked = performance.now();
      const outcome = await limiter.reserve({
        candidates: accounts,
        cost: { rpm: 1, tpm: 500, concurrency: 1 },
        expiresAt: Date.now() + 60_000,
      });
      if (outcome.kind !== 'granted') throw new Error(`not granted: ${JSON.stringify(outcome)}`);
      waits.push(performance.now() - asked);
      await limiter.sent(outcome.reservationId);
      await sleep(systemClock, callMs);
      const actual = { rpm: 1, tpm: 300 };
      await limiter.settle(outcome.reservationId, { outcome: 'used', actual, firstByteMs: callMs });
    }
  };
  await Promise.all(Array.from({ length: callers }, one));
  return waits.sort((a, b) => a - b);
}

async function measure(scenario: (typeof scenarios)[number], url: string): Promise<string> {
  const ids = Array.from({ length: scenario.accounts }, (_, index) => `a${index}`);
  const limits = { rpm: 1_000_000, tpm: 1_000_000_000, concurrency: 10_000 };
  const limiter = await startLimiter(
    { store: emptyStore, clock: systemClock, log: silentLog },
    ids.map((id) => ({
      id,
      rules: [{ models: ['*'], ...limits }],
      policy: { dayZone: null, perSecondShares: false },
      usable: true,
      scope: `bench-${scenario.accounts}`,
    })),
    { url, fail: 'closed' },
  );
  const accounts = ids.map((accountId) => ({ accountId, modelClass: 'rule:*' }));
  const before = await readRedisCalls(url);
  const waits = await callFor(limiter, { callers: scenario.callers, accounts });
  await sleep(systemClock, 100);
  const after = await readRedisCalls(url);
  const calls = after.calls - before.calls;
  await limiter.close();
  const percentile = (share: number) => waits[Math.floor(waits.length * share)]?.toFixed(2);
  return [
    scenario.accounts,
    scenario.callers,
    Math.round(waits.length / seconds),
    (calls / waits.length).toFixed(3),
    Math.round((after.micros - before.micros) / Math.max(1, calls)),
    percentile(0.5),
    percentile(0.99),
  ].join(' | ');
}

if (noRedis) throw new Error(noRedis);
const endings: (() => Promise<void>)[] = [];
const server = await startRedis({ after: (end) => void endings.push(end) });
process.stdout.write(
  '| accounts | callers | calls/s | round trips per admitted call | µs in Redis per trip | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|\n',
);
for (const scenario of scenarios) {
  process.stdout.write(`| ${await measure(scenario, server.url)} |\n`);
}
process.stdout.write(
  '\n| processes | calls | pool | admitted | round trips per admitted call |\n|---|---|---|---|---|\n',
);
for (const asked of fullPools) {
  for (const { phase, calls, tripsPerCall } of await measureFullPool(server.url, asked)) {
    const row = [asked.processes, asked.calls, phase, calls, tripsPerCall.toFixed(3)];
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
}
for (const end of endings) await end();
