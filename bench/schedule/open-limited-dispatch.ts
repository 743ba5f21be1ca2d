import { type AccountSpec, createVault, syncAccounts } from '../../src/accounts/index.ts';
import {
  createDispatch,
  type DispatchDeps,
  type RunningDispatch,
} from '../../src/dispatch/index.ts';
import { sleep } from '../../src/platform/clock.ts';
import { createRandom } from '../../src/platform/random.ts';
import { answerDocument } from './answer-document.ts';
import { modelName } from './place-graph.ts';
import type { Part } from './play-part.ts';

/** What a provider's one account allows; `null`: any number. */
export interface PoolLimit {
  id: string;
  rpm: number | null;
  concurrency: number | null;
}

/** Longer than any call of a schedule. */
const patienceMs = 3_600_000;

/** The whole of dispatch with its limiter and its ledger; only the wire is replaced by the time that a call takes. */
export async function openLimitedDispatch(
  deps: Pick<DispatchDeps, 'store' | 'clock' | 'log'>,
  limits: readonly PoolLimit[],
  play: (prompt: string) => Part,
): Promise<RunningDispatch> {
  const vault = createVault(Buffer.alloc(32, 7));
  await syncAccounts({ store: deps.store, vault }, limits.map(accountOf));
  return await createDispatch({
    ...deps,
    vault,
    random: createRandom('schedule'),
    timeOutsFor: () => ({
      firstByteMs: 600_000,
      firstTokenMs: patienceMs,
      idleMs: patienceMs,
      replyMs: patienceMs,
    }),
    config: {
      aliases: {},
      prices: {},
      providers: limits.map(({ id }) => ({ id, type: 'openai-compatible', baseUrl })),
      upstreamAllowCidrs: [],
    },
    transport: {
      async send({ body }, signal) {
        const messages = (body?.['messages'] ?? []) as { content: string }[];
        const { text, ms } = play(messages.map(({ content }) => content).join('\n'));
        await sleep(deps.clock, ms, signal);
        const headers = { 'content-type': 'application/json' };
        return { status: 200, headers, chunks: oneChunk(answerDocument(text)) };
      },
      close: async () => {},
    },
  });
}

const baseUrl = 'http://127.0.0.1:9/v1';

function accountOf({ id, rpm, concurrency }: PoolLimit): AccountSpec {
  const unlimited = { rpd: null, tpm: null, itpm: null, otpm: null };
  return {
    id: `${id}-account`,
    provider: id,
    ownerEmail: null,
    entitlement: null,
    baseUrl: null,
    models: [modelName],
    credentials: [{ id: 'k1', secret: `sk-bench-${id}` }],
    limits: [{ ...unlimited, models: ['*'], rpm, concurrency }],
    weight: 1,
    priceFactor: 1,
    managedBy: 'simulation',
  };
}

async function* oneChunk(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
