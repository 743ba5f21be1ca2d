import {
  type Cost,
  createWaitingRoom,
  type LimitedAccount,
  type Limiter,
  startLimiter,
  type WaitingRoom,
} from '../../src/accounts/index.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createRandom } from '../../src/platform/random.ts';
import { boundPerMinute, poolAccounts, tokensPerCall } from '../limits/http/pool.ts';
import { readRedisCalls } from '../read-redis-calls.ts';
import { emptyStore } from './empty-store.ts';

/** One of several processes, as far as Redis can tell. */
interface Process {
  limiter: Limiter;
  room: WaitingRoom;
}

export interface FullPool {
  processes: number;
  /** How the calls' sizes and what they give back are drawn. */
  calls: 'alike' | 'mixed' | 'giving back';
}

export interface Phase {
  phase: 'filling' | 'full';
  calls: number;
  tripsPerCall: number;
}

/** Calls offered, as a multiple of what the accounts' limits let through. */
const load = 1.2;
/** The pool fills in fifty seconds, and then nothing leaves before the first minute is over. */
const fillingMs = 45_000;
const fullFromMs = 61_000;
const fullMs = 30_000;

/** Round trips while a pool of real minutes fills from empty, and when it is full and every process has a line. */
export async function measureFullPool(url: string, asked: FullPool): Promise<Phase[]> {
  const processes = await openProcesses(url, asked);
  const over = new AbortController();
  const counted = { calls: 0 };
  const phase = async (name: Phase['phase'], ms: number): Promise<Phase> => {
    const before = { trips: (await readRedisCalls(url)).calls, calls: counted.calls };
    await sleep(systemClock, ms);
    const trips = (await readRedisCalls(url)).calls - before.trips;
    const calls = counted.calls - before.calls;
    return { phase: name, calls, tripsPerCall: trips / Math.max(1, calls) };
  };
  const offering = offer(processes, asked, {
    signal: over.signal,
    admitted: () => (counted.calls += 1),
  });
  const filling = await phase('filling', fillingMs);
  await sleep(systemClock, fullFromMs - fillingMs);
  const full = await phase('full', fullMs);
  over.abort();
  await offering;
  for (const { limiter, room } of processes) {
    room.close();
    await limiter.close();
  }
  return [filling, full];
}

async function openProcesses(url: string, asked: FullPool): Promise<Process[]> {
  const accounts = poolAccounts.map(
    ({ id, limits }): LimitedAccount => ({
      id,
      rules: limits,
      policy: { dayZone: null, perSecondShares: false },
      usable: true,
      scope: `full ${asked.processes} ${asked.calls}`,
    }),
  );
  const deps = { store: emptyStore, clock: systemClock, log: silentLog };
  const open = async () => {
    const limiter = await startLimiter(deps, accounts, { url, fail: 'closed' });
    return { limiter, room: createWaitingRoom({ limiter, clock: systemClock }) };
  };
  return await Promise.all(Array.from({ length: asked.processes }, open));
}

interface Offering {
  signal: AbortSignal;
  admitted: () => void;
}

/** Calls that arrive at random (Poisson), at each process in turn. */
async function offer(
  processes: readonly Process[],
  { calls }: FullPool,
  { signal, admitted }: Offering,
): Promise<void> {
  const random = createRandom('full-pool');
  const candidates = poolAccounts.map(({ id }) => ({ accountId: id, modelClass: 'rule:*' }));
  let arrival = systemClock.now();
  for (let turn = 0; !signal.aborted; turn += 1) {
    const process = processes[turn % processes.length];
    // Pareto, as in `bench:limits`; the mean is that of calls that are alike.
    const drawn = (tokensPerCall / 3) * (1 - random.next()) ** (-1 / 1.5);
    const tpm = calls === 'mixed' ? Math.min(2500, Math.ceil(drawn)) : tokensPerCall;
    const used = calls === 'giving back' ? Math.ceil(tpm * (0.4 + 0.5 * random.next())) : tpm;
    const call = { candidates, cost: { rpm: 1, tpm }, actual: { rpm: 1, tpm: used }, signal };
    if (process) void serve(process, call).then(admitted, () => undefined);
    arrival += (-Math.log(1 - random.next()) * 60_000) / (load * boundPerMinute);
    await sleep(systemClock, Math.max(0, arrival - systemClock.now()));
  }
}

interface OneCall {
  candidates: readonly { accountId: string; modelClass: string }[];
  cost: Cost;
  actual: Cost;
  signal: AbortSignal;
}

/** How long a call is out, ms. */
const callMs = 200;

async function serve({ limiter, room }: Process, call: OneCall): Promise<void> {
  const { candidates, cost, actual, signal } = call;
  const { reservationId } = await room.admit({
    ask: { candidates, cost, expiresAt: systemClock.now() + 60_000 },
    pool: 'pool',
    tenantId: 'default',
    lane: 'standard',
    admitBy: systemClock.now() + 30_000,
    refusals: 0,
    signal,
  });
  await limiter.sent(reservationId);
  void sleep(systemClock, callMs).then(() =>
    limiter.settle(reservationId, {
      outcome: 'used',
      actual,
      succeeded: true,
      firstByteMs: callMs,
    }),
  );
}
