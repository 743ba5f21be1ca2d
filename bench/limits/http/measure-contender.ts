import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { basePaths } from '../../../simulator/accounts.ts';
import { startRedis } from '../../../test/redis-server.ts';
import { withTemporaryFolder } from '../../headrace-process.ts';
import { readRedisCalls } from '../../read-redis-calls.ts';
import { readCpuSeconds, startChild } from './child-process.ts';
import type { Contender, OpenContender } from './contender.ts';
import { offerLoad } from './offer-load.ts';
import { boundPerMinute, poolAccounts } from './pool.ts';
import { sendChat } from './send-chat.ts';

export interface Setting {
  name: string;
  /** Calls offered, as a multiple of what the pool can serve. */
  load: number;
  seconds: number;
  window: 'sliding' | 'bucket' | 'fixed';
  open: OpenContender;
}

export interface Measured {
  name: string;
  load: number;
  /** Calls that the vendors let in, as a share of the bound. */
  goodput: number;
  /** Share of the calls that reached a vendor and were refused for a limit. */
  provoked: number;
  /** The fullest 60 seconds of any limit, as a share of it. */
  overshoot: number;
  p50Ms: number;
  p99Ms: number;
  sentAwayPerCall: number;
  redisTripsPerCall: number | null;
  /** Processors in use on average: the gateways, and everything that takes part. */
  gatewayCpus: number;
  allCpus: number;
}

const stats = z.object({
  accounts: z.array(
    z.looseObject({
      requests: z.number(),
      rate_limited: z.number(),
      refused: z.record(z.string(), z.number()),
      windows: z.array(z.looseObject({ ratio: z.number() })),
    }),
  ),
});

/** Minutes during which a full window can be spent from the start: a bound that no order of calls beats. */
const boundOf = (seconds: number) => (boundPerMinute * seconds) / 60;

/** Everything of a setting is started for it, with empty windows, and ended after it. */
export async function measureContender(setting: Setting): Promise<Measured> {
  return await withTemporaryFolder(async (folder) => {
    const endings: (() => Promise<void>)[] = [];
    try {
      const redis = await startRedis({ after: (end) => void endings.push(end) });
      const simulator = await startSimulator(setting.window);
      endings.push(simulator.stop);
      const accounts = poolAccounts.map((account) => ({
        ...account,
        base_url: `${simulator.url}${basePaths.openai}`,
      }));
      const vendorUrl = simulator.url;
      const contender = await setting.open({
        vendorUrl,
        accounts,
        redisUrl: redis.url,
        folder,
      });
      endings.push(contender.close);
      return await measure(setting, {
        contender,
        vendorUrl,
        redisUrl: redis.url,
        pids: [simulator.pid, process.pid],
      });
    } finally {
      for (const end of endings.reverse()) await end();
    }
  });
}

interface Running {
  contender: Contender;
  vendorUrl: string;
  redisUrl: string;
  pids: readonly number[];
}

async function measure(setting: Setting, running: Running): Promise<Measured> {
  const { contender, vendorUrl, redisUrl } = running;
  const { name, load, seconds } = setting;
  const cpus = () => [readCpuSeconds(contender.pids), readCpuSeconds(running.pids)] as const;
  const [gatewaysBefore, othersBefore] = cpus();
  const before = await readRedisCalls(redisUrl);
  const atTheEnd = sleep(seconds * 1000).then(async () => ({
    seen: stats.parse(await (await fetch(`${vendorUrl}/_simulator/stats`)).json()),
    cpus: cpus(),
    trips: (await readRedisCalls(redisUrl)).calls,
  }));
  const offered = await offerLoad(sendChat(contender), {
    perSecond: (load * boundPerMinute) / 60,
    seconds,
    seed: 'limits-http',
  });
  const { seen, cpus: after, trips } = await atTheEnd;
  const sum = (amount: (account: (typeof seen.accounts)[number]) => number) =>
    seen.accounts.reduce((total, account) => total + amount(account), 0);
  const requests = sum((account) => account.requests);
  const refused = sum(({ refused: by }) => Object.values(by).reduce((all, one) => all + one, 0));
  const percentile = (share: number) =>
    offered.latencies[Math.floor(offered.latencies.length * share)] ?? Number.NaN;
  const gatewayCpus = (after[0] - gatewaysBefore) / seconds;
  const tripped = trips - before.calls;
  return {
    name,
    load,
    goodput: (requests - refused) / Math.min(boundOf(seconds), offered.offered),
    provoked: sum((account) => account.rate_limited) / Math.max(1, requests),
    overshoot: Math.max(...seen.accounts.flatMap(({ windows }) => windows.map((one) => one.ratio))),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    sentAwayPerCall: offered.sentAway / Math.max(1, offered.offered),
    redisTripsPerCall: tripped === 0 ? null : tripped / Math.max(1, requests - refused),
    gatewayCpus,
    allCpus: gatewayCpus + (after[1] - othersBefore) / seconds,
  };
}

async function startSimulator(window: Setting['window']) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const script = new URL('./run-simulator.ts', import.meta.url).pathname;
  const child = startChild([process.execPath, script, window], {
    onLine: (line) => line && resolve(line),
  });
  const url = await Promise.race([
    promise,
    sleep(20_000).then(() => Promise.reject(new Error(`No simulator: ${child.ended()}`))),
  ]);
  return { url, pid: child.pid, stop: child.stop };
}
