import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { noRedis } from '../../../test/redis-server.ts';
import { drawTable } from '../../draw-table.ts';
import { report } from '../../report.ts';
import { installLitellm } from './install-litellm.ts';
import { type Measured, measureContender, type Setting } from './measure-contender.ts';
import { openHeadraces } from './open-headraces.ts';
import { openLitellm } from './open-litellm.ts';
import { openRoundRobin } from './open-round-robin.ts';
import { boundPerMinute, poolAccounts } from './pool.ts';

const list = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(z.array(z.number().positive()));

const optionsSchema = z.object({
  /** Per setting; a multiple of 60, for the vendors' windows are minutes. */
  seconds: z.coerce.number().int().multipleOf(60),
  processes: list,
  loads: list,
  litellm: list.or(z.literal('none').transform(() => [])),
  'litellm-venv': z.string(),
  window: z.enum(['sliding', 'bucket', 'fixed']),
});

function readOptions() {
  const text = (otherwise: string) => ({ type: 'string', default: otherwise }) as const;
  const { values } = parseArgs({
    options: {
      http: { type: 'boolean' },
      seconds: text('180'),
      processes: text('1,3,8'),
      loads: text('1.2'),
      litellm: text('1,3'),
      'litellm-venv': text(join(tmpdir(), 'headrace-bench-litellm')),
      window: text('sliding'),
    },
  });
  return optionsSchema.parse(values);
}

type Options = ReturnType<typeof readOptions>;
type Installed = Awaited<ReturnType<typeof installLitellm>> | null;

function contendersOf({ processes, litellm }: Options, installed: Installed) {
  const named = (what: string, count: number) =>
    `${what}, ${count} process${count > 1 ? 'es' : ''}`;
  const ours = processes.map((count) => ({
    name: named('Headrace', count),
    open: openHeadraces(count),
  }));
  const theirs =
    installed && 'program' in installed
      ? litellm.map((count) => ({
          name: named(`LiteLLM ${installed.version}`, count),
          open: openLitellm(installed.program, count),
        }))
      : [];
  return [...ours, ...theirs, { name: 'round-robin with retry', open: openRoundRobin }];
}

/**
 * `npm run bench:limits -- --http`: real minutes, real processes, one Redis, against the simulator over
 * HTTP, and the same load through the real LiteLLM and through no gateway at all.
 */
export async function compareOverHttp(): Promise<void> {
  if (noRedis) throw new Error(noRedis);
  const options = readOptions();
  const { seconds, window, loads } = options;
  const installed =
    options.litellm.length > 0 ? await installLitellm(options['litellm-venv']) : null;
  const settings: Setting[] = loads.flatMap((load) =>
    contendersOf(options, installed).map((contender) => ({ ...contender, load, seconds, window })),
  );
  const measured: Measured[] = [];
  for (const setting of settings) {
    const one = await measureContender(setting);
    measured.push(one);
    console.log(JSON.stringify(one));
  }
  show(measured, {
    most: Math.max(...options.processes),
    notes: [
      `${poolAccounts.length} simulated OpenAI accounts, limits spread 50×, together ${boundPerMinute} calls a minute; ${seconds} s a setting from empty ${window} windows; calls arrive at random; cost known before the call.`,
      'Goodput: calls that the vendors let in, of those that no order of calls could exceed. 429s: of all calls that reached a vendor. Clients come again after Retry-After, at the next process. LiteLLM: usage-based-routing-v2 with Redis, three retries.',
      ...(installed && 'missing' in installed ? [`LiteLLM is left out: ${installed.missing}`] : []),
    ],
  });
}

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

function show(measured: readonly Measured[], about: { most: number; notes: string[] }): void {
  const table = drawTable(
    measured.map((one) => ({
      'who admits': one.name,
      load: `${one.load}×`,
      goodput: percent(one.goodput),
      '429s provoked': percent(one.provoked, 2),
      'overshoot, 60 s': one.overshoot.toFixed(2),
      'p50 / p99 s': `${(one.p50Ms / 1000).toFixed(1)} / ${(one.p99Ms / 1000).toFixed(1)}`,
      'sent away per call': one.sentAwayPerCall.toFixed(2),
      'Redis trips per call': one.redisTripsPerCall?.toFixed(2) ?? '–',
      'CPUs: gateways / all': `${one.gatewayCpus.toFixed(2)} / ${one.allCpus.toFixed(2)}`,
    })),
  );
  const ours = measured.filter(({ name }) => name.startsWith(`Headrace, ${about.most} `));
  const worst = (figure: (one: Measured) => number) => Math.max(...ours.map(figure));
  const goodput = -worst((one) => -one.goodput);
  const provoked = worst((one) => one.provoked);
  const trips = worst((one) => one.redisTripsPerCall ?? 0);
  report(
    'limits-http',
    [
      {
        name: `goodput with ${about.most} processes, real time`,
        goal: '≥ 95 %',
        measured: percent(goodput),
        met: goodput >= 0.95,
      },
      {
        name: '429s provoked with known cost',
        goal: '0',
        measured: percent(provoked, 2),
        met: provoked === 0,
      },
      {
        name: 'Redis round trips per admitted call, heartbeats included',
        goal: '≤ 1.1',
        measured: trips.toFixed(2),
        met: trips <= 1.1,
      },
    ],
    [...table, '', ...about.notes],
  );
}
