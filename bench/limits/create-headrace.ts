import {
  type Cost,
  createEmbeddedLimiter,
  createWaitingRoom,
  type Limiter,
  tokensOf,
  type WaitingRoom,
} from '../../src/accounts/index.ts';
import { createEstimates, type EstimatedCall } from '../../src/dispatch/index.ts';
import type { Call, CreateStrategy, Reply, Scenario, World } from './scenario.ts';

/**
 * The limiter, the waiting rooms and the estimates themselves, put together as dispatch does. Two replicas
 * share one limiter where one of them is killed; a shared memory is measured by `bench:limits --http`.
 */
export const createHeadrace: CreateStrategy = async (world, scenario) => {
  const limiter = createEmbeddedLimiter({ clock: world, mayAdmit: () => true });
  await limiter.configure(world.accounts.map((account) => describe(account, scenario)));
  const tenants = Object.fromEntries(
    scenario.tenants.map(({ id, weight }) => [id, { weight, reserve: 0 }]),
  );
  const openRoom = () => createWaitingRoom({ limiter, clock: world, tenants });
  const replicas = Array.from({ length: scenario.trouble === 'killed' ? 2 : 1 }, () => ({
    room: openRoom(),
    alive: true,
  }));
  const caller = createCaller(world, scenario, limiter);
  if (scenario.trouble === 'killed') {
    world.setTimer(scenario.warmUpMs + scenario.measuredMs / 2, () => {
      const [, second] = replicas;
      if (second) second.alive = false;
      second?.room.close();
    });
  }
  return {
    async call(call) {
      for (let tries = 0; tries < 6 && world.now() < call.admitBy; tries += 1) {
        const alive = replicas.filter((replica) => replica.alive);
        const replica = alive[call.id % alive.length];
        if (!replica) return false;
        try {
          const reply = await caller(replica, call);
          if (reply.status === 200) return true;
          if (reply.status === 529) await pause(world, 250 * 2 ** tries * world.random());
        } catch {
          return false;
        }
      }
      return false;
    },
    close() {
      for (const { room } of replicas) room.close();
    },
  };
};

const modelClass = 'rule:*';

function describe({ id, rpm, tpm }: World['accounts'][number], scenario: Scenario) {
  const limits = scenario.trouble === 'discovered' ? {} : { rpm, tpm };
  return {
    id,
    rules: [{ models: ['*'], ...limits }],
    policy: { dayZone: null, perSecondShares: scenario.seconds },
    usable: true,
  };
}

interface Replica {
  room: WaitingRoom;
  alive: boolean;
}

function createCaller(world: World, scenario: Scenario, limiter: Limiter) {
  const candidates = world.accounts.map(({ id }) => ({ accountId: id, modelClass }));
  const places = new Map(world.accounts.map(({ id }, index) => [id, index]));
  const estimates = createEstimates();

  /** A replica that died hears no answer and settles nothing; its callers have gone. */
  return async (replica: Replica, call: Call): Promise<Reply> => {
    const measured = measure(call);
    const { cautious, expected } = estimates.estimate(measured);
    const cost = scenario.cost === 'known' ? knownCost(call) : costOf(cautious);
    const { accountId, reservationId } = await replica.room.admit({
      ask: { candidates, cost, expiresAt: world.now() + lapseMs },
      pool: 'p',
      tenantId: call.tenant.id,
      lane: call.lane,
      admitBy: call.admitBy,
      refusals: 0,
      expectedTokens: tokensOf(scenario.cost === 'known' ? cost : costOf(expected)),
      signal: new AbortController().signal,
    });
    await limiter.sent(reservationId);
    const reply = await world.send(places.get(accountId) ?? 0, call);
    if (!replica.alive) return reply;
    await settle(limiter, { accountId, reservationId, cost, reply, now: world.now() });
    if (reply.status === 200) estimates.learn(measured, reply);
    return reply;
  };
}

/** A call settles within its deadline; a reservation lapses some time later, ms. */
const lapseMs = 300_000;

const knownCost = ({ input, output }: Call): Cost => ({
  rpm: 1,
  tpm: input + output,
  concurrency: 1,
});

function costOf(size: { estimatedInput: number; predictedOutput: number }): Cost {
  const { estimatedInput: input, predictedOutput: output } = size;
  return { rpm: 1, tpm: input + output, itpm: input, otpm: output, concurrency: 1 };
}

function measure({ tenant, estimatedInput, maxOutput }: Call): EstimatedCall {
  const size = {
    inputBytes: estimatedInput * 8,
    inputCharacters: estimatedInput * 4,
    estimatedInput,
    estimatedCachedInput: 0,
    maxOutput,
    predictedOutput: maxOutput,
  };
  return { tenantId: tenant.id, model: 'vendor/model', size };
}

interface Ended {
  accountId: string;
  reservationId: string;
  cost: Cost;
  reply: Reply;
  now: number;
}

/** As dispatch does: what the vendor says, what holds the account back, what was used. */
async function settle(limiter: Limiter, ended: Ended): Promise<void> {
  const { accountId, reservationId, cost, reply, now } = ended;
  const { limit, remaining, requestLimit, sentAt, firstByteMs } = reply;
  const seat = { accountId, modelClass };
  await limiter.correct({
    ...seat,
    sentAt,
    seenAt: sentAt + firstByteMs,
    seen: [
      { dimension: 'tpm', limit, remaining },
      { dimension: 'rpm', limit: requestLimit, remaining: null },
    ],
  });
  const succeeded = reply.status === 200;
  if (reply.status === 429) {
    await limiter.pause({
      ...seat,
      dimension: 'tpm',
      until: now + (reply.retryAfterMs ?? 1000),
      provenance: 'stated',
      reason: 'rate_limited',
    });
  }
  const { input, output } = reply;
  const actual = { ...cost, tpm: input + output, itpm: input, otpm: output };
  await limiter.settle(reservationId, { outcome: 'used', actual, succeeded, firstByteMs });
}

function pause(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.setTimer(ms, resolve));
}
