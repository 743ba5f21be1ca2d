import type { OpenContender } from './contender.ts';
import { model } from './pool.ts';

/** No gateway: the clients take the accounts in turn, and the next one after a refusal. */
export const openRoundRobin: OpenContender = async ({ accounts }) => ({
  targets: accounts.map(({ base_url, secret }) => ({ url: base_url, key: secret, model })),
  pids: [],
  close: async () => undefined,
});
