import { createRandom, type Random } from '../../src/platform/random.ts';
import { type Call, meanTokens, patienceMs, type Scenario } from './scenario.ts';

export interface DrawnAccount {
  id: string;
  rpm: number;
  tpm: number;
}

/** The smallest limit of a pool, in tokens per minute; the largest is fifty times it. */
const smallestTpm = 60_000;
const spreadOfLimits = 50;
/** Requests per minute bind only calls much smaller than the mean. */
const requestsPerMean = 3;

/** Limits spread 1–50× on a logarithmic scale; a pool of one stands at three quarters of that scale. */
export function drawAccounts(count: number): DrawnAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const place = count === 1 ? 0.75 : index / (count - 1);
    const tpm = Math.round(smallestTpm * spreadOfLimits ** place);
    return { id: `a${index}`, tpm, rpm: Math.ceil((tpm / meanTokens) * requestsPerMean) };
  });
}

/** Tokens per millisecond of the linear programme's optimum; see the notes of the table. */
export function bound(accounts: readonly DrawnAccount[]): number {
  return accounts.reduce((sum, { tpm, rpm }) => sum + Math.min(tpm, rpm * meanTokens), 0) / 60_000;
}

const burstEveryMs = 20_000;
const burstMs = 4000;

/** Poisson arrivals over the whole scenario, with heavy-tailed lengths. */
export function* drawCalls(scenario: Scenario, rate: number, start: number): Generator<Call> {
  const random = createRandom(`${scenario.seed}/calls`);
  const perMs = (scenario.load * rate) / meanTokens;
  const end = start + scenario.warmUpMs + scenario.measuredMs;
  const quiet = scenario.arrivals === 'bursts' ? 1 - burstMs / burstEveryMs : 1;
  let burstAt = start + burstEveryMs;
  let id = 0;
  for (let at = start; at < end; id += 1) {
    at += -Math.log(1 - random.next()) / (perMs * quiet);
    if (scenario.arrivals === 'bursts' && at > burstAt) {
      for (let call = 0; call < perMs * burstMs; call += 1, id += 1) {
        yield drawCall(scenario, random, { id, at: burstAt });
      }
      burstAt += burstEveryMs;
    }
    yield drawCall(scenario, random, { id, at: Math.max(Math.floor(at), burstAt - burstEveryMs) });
  }
}

function drawCall(
  scenario: Scenario,
  random: Random,
  { id, at }: { id: number; at: number },
): Call {
  const tokens = drawTokens(random);
  const outputShare = 0.2 + 0.4 * random.next();
  const output = Math.max(1, Math.round(tokens * outputShare));
  const input = Math.max(1, tokens - output);
  const error = 1 + scenario.estimateError * (2 * random.next() - 1);
  const tenant = draw(random, scenario.tenants, ({ demand }) => demand);
  const lanes = Object.entries(scenario.lanes) as [Call['lane'], number][];
  const [lane] = draw(random, lanes, ([, share]) => share);
  return {
    id,
    at,
    admitBy: at + patienceMs,
    tenant,
    lane,
    input,
    output,
    estimatedInput: Math.max(1, Math.round(input * error)),
    // People ask for round numbers well above what they get.
    maxOutput: scenario.cost === 'known' ? output : 4096 * Math.ceil((output * 1.5) / 4096),
  };
}

const tail = 1.5;
const least = 1_460;
const most = 30_000;

/** Pareto with index 1.5, cut at both ends; its mean is `meanTokens`. */
function drawTokens(random: Random): number {
  const cut = 1 - (least / most) ** tail;
  return Math.round(least / (1 - random.next() * cut) ** (1 / tail));
}

function draw<T>(random: Random, choices: readonly T[], weightOf: (choice: T) => number): T {
  let left = random.next() * choices.reduce((sum, choice) => sum + weightOf(choice), 0);
  for (const choice of choices) {
    left -= weightOf(choice);
    if (left < 0) return choice;
  }
  const last = choices.at(-1);
  if (!last) throw new Error('nothing to draw from');
  return last;
}
