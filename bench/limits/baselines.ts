import type { Call, CreateStrategy, Reply, World } from './scenario.ts';

/** How a baseline picks the account of the next try; `null`: it sees none that may take the call. */
interface Picker {
  pick(call: Call): number | null;
  sent?(account: number, call: Call): void;
  ended?(account: number, call: Call, reply: Reply): void;
}

/** In turn; a refusal goes to the next account. */
export const createRoundRobin = createBaseline(({ accounts }) => {
  let turn = 0;
  return { pick: () => turn++ % accounts.length };
});

/** At random, weighted by the tokens per minute that the operator wrote down. */
export const createWeightedRandom = createBaseline(({ accounts, random }) => {
  const all = accounts.reduce((sum, { tpm }) => sum + tpm, 0);
  return {
    pick() {
      let left = random() * all;
      return Math.max(
        0,
        accounts.findIndex(({ tpm }) => {
          left -= tpm;
          return left < 0;
        }),
      );
    },
  };
});

/** Where the fewest calls are in flight. */
export const createLeastBusy = createBaseline(({ accounts }) => {
  const busy = accounts.map(() => 0);
  const add = (account: number, calls: number) => {
    busy[account] = (busy[account] ?? 0) + calls;
  };
  return {
    pick: () => busy.indexOf(Math.min(...busy)),
    sent: (account) => add(account, 1),
    ended: (account) => add(account, -1),
  };
});

/** LiteLLM's default for a deployment that answered 429, ms. */
const litellmCooldownMs = 5000;

/**
 * A model of LiteLLM's `usage-based-routing-v2`, after its documentation: the deployment with the
 * lowest tokens in this calendar minute whose limits the estimate respects; requests count when they
 * are sent, tokens when an answer is complete; a refusal cools the deployment down.
 */
export const createUsageBased = createBaseline((world) => {
  const { accounts } = world;
  const used = accounts.map(() => ({ minute: -1, tokens: 0, requests: 0, coolUntil: 0 }));
  const usedNow = (account: number) => {
    const known = used[account] ?? { minute: -1, tokens: 0, requests: 0, coolUntil: 0 };
    const minute = Math.floor(world.now() / 60_000);
    if (known.minute !== minute) Object.assign(known, { minute, tokens: 0, requests: 0 });
    return known;
  };
  return {
    pick(call) {
      let best: number | null = null;
      let lowest = Number.POSITIVE_INFINITY;
      for (const [index, { rpm, tpm }] of accounts.entries()) {
        const { tokens, requests, coolUntil } = usedNow(index);
        if (coolUntil > world.now() || tokens + call.estimatedInput > tpm || requests >= rpm)
          continue;
        if (tokens >= lowest) continue;
        lowest = tokens;
        best = index;
      }
      return best;
    },
    sent(account) {
      usedNow(account).requests += 1;
    },
    ended(account, call, { status }) {
      const known = usedNow(account);
      if (status === 200) known.tokens += call.input + call.output;
      else known.coolUntil = world.now() + litellmCooldownMs;
    },
  };
});

/** Tries at once elsewhere after a refusal, this often; then after a pause that doubles. */
const atOnce = 3;
const firstPauseMs = 500;
const longestPauseMs = 8000;

function createBaseline(createPicker: (world: World) => Picker): CreateStrategy {
  return async (world) => {
    const picker = createPicker(world);
    async function attempt(call: Call): Promise<boolean> {
      const account = picker.pick(call);
      if (account === null) return false;
      picker.sent?.(account, call);
      const reply = await world.send(account, call);
      picker.ended?.(account, call, reply);
      return reply.status === 200;
    }
    return {
      async call(call) {
        for (let tries = 0; world.now() < call.admitBy; tries += 1) {
          if (await attempt(call)) return true;
          if (tries < atOnce) continue;
          const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - atOnce));
          await new Promise<void>((resolve) => world.setTimer(longest * world.random(), resolve));
        }
        return false;
      },
      close: () => undefined,
    };
  };
}
