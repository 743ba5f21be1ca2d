import {
  type Cost,
  createEmbeddedLimiter,
  createWaitingRoom,
  type Limiter,
} from '../../src/accounts/index.ts';
import type { Call, CreateStrategy, Reply, Scenario, World } from './scenario.ts';

/** The limiter and the waiting room themselves, settled as dispatch settles them. */
export const createHeadrace: CreateStrategy = async (world, scenario) => {
  const limiter = createEmbeddedLimiter({ clock: world, mayAdmit: () => true });
  const unknown = scenario.trouble === 'discovered';
  await limiter.configure(
    world.accounts.map(({ id, rpm, tpm }) => ({
      id,
      rules: [{ models: ['*'], ...(unknown ? {} : { rpm, tpm }) }],
      policy: { dayZone: null, perSecondShares: false },
      usable: true,
    })),
  );
  const room = createWaitingRoom({
    limiter,
    clock: world,
    tenants: Object.fromEntries(
      scenario.tenants.map(({ id, weight }) => [id, { weight, reserve: 0 }]),
    ),
  });
  const candidates = world.accounts.map(({ id }) => ({ accountId: id, modelClass: 'rule:*' }));
  const places = new Map(world.accounts.map(({ id }, index) => [id, index]));
  const predictor = createPredictor(scenario);

  async function attempt(call: Call): Promise<Reply> {
    const charge = { rpm: 1, tpm: predictor.tokensOf(call), concurrency: 1 };
    const grant = await room.admit({
      ask: { candidates, cost: charge, expiresAt: call.admitBy + 600_000 },
      pool: 'p',
      tenantId: call.tenant.id,
      lane: call.lane,
      admitBy: call.admitBy,
      refusals: 0,
      signal: new AbortController().signal,
    });
    const { accountId, reservationId } = grant;
    await limiter.sent(reservationId);
    const reply = await world.send(places.get(accountId) ?? 0, call);
    await settle(limiter, { accountId, reservationId, charge, call, reply, now: world.now() });
    if (reply.status === 200) predictor.learn(call);
    return reply;
  }

  return {
    async call(call) {
      for (let tries = 0; tries < 6 && world.now() < call.admitBy; tries += 1) {
        try {
          const reply = await attempt(call);
          if (reply.status === 200) return true;
          if (reply.status === 529) await pause(world, 250 * 2 ** tries * world.random());
        } catch {
          return false;
        }
      }
      return false;
    },
    close: () => room.close(),
  };
};

interface Ended {
  accountId: string;
  reservationId: string;
  charge: Cost;
  call: Call;
  reply: Reply;
  now: number;
}

/** As dispatch does: what the vendor says, what holds the account back, what was used. */
async function settle(limiter: Limiter, ended: Ended): Promise<void> {
  const { accountId, reservationId, charge, call, reply, now } = ended;
  const { limit, remaining, sentAt, firstByteMs } = reply;
  const seat = { accountId, modelClass: 'rule:*' };
  const fresh = now - sentAt <= freshForMs ? remaining : null;
  await limiter.correct({ ...seat, sentAt, seen: [{ dimension: 'tpm', limit, remaining: fresh }] });
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
  const actual = succeeded
    ? { ...charge, tpm: call.input + call.output }
    : { ...charge, tpm: 0, rpm: 1 };
  await limiter.settle(reservationId, { outcome: 'used', actual, succeeded, firstByteMs });
}

function createPredictor({ cost }: Scenario) {
  return {
    tokensOf: (call: Call) =>
      cost === 'known' ? call.input + call.output : call.estimatedInput + call.maxOutput,
    learn(_call: Call) {},
  };
}

/** As in dispatch: what remained then says little about now. */
const freshForMs = 1000;

function pause(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.setTimer(ms, resolve));
}
