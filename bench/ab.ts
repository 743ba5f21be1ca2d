import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Simulator } from '../simulator/index.ts';
import { chooseModels } from './ab/choose-models.ts';
import { type Compared, type CompareOptions, compareBrief } from './ab/compare-brief.ts';
import { type Judge, type Judgement, judgePair } from './ab/judge-pair.ts';
import { leaveOutMost } from './ab/plant-truth.ts';
import { reportComparison } from './ab/report-comparison.ts';
import type { ApiClient, ListedModel } from './api-client.ts';
import { type Brief, readBriefs } from './briefs/read-briefs.ts';
import { withTemporaryFolder } from './headrace-process.ts';
import { openHeadrace, openSimulated } from './open-headrace.ts';

const patienceMs = 30 * 60_000;
/** Of the judge's window, for both candidates; the brief, the frame and the reply need the rest. */
const windowShare = 0.6;
/** UTF-16 units per token that no language goes below by much: Chinese has about one and a half. */
const unitsPerToken = 1.5;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string' },
    strong: { type: 'string' },
    cheap: { type: 'string' },
    judge: { type: 'string' },
    config: { type: 'string' },
    'budget-usd': { type: 'string', default: '5' },
    'max-tokens': { type: 'string', default: '32000' },
    'at-once': { type: 'string', default: '4' },
    seed: { type: 'string', default: 'headrace' },
    yes: { type: 'boolean', default: false },
  },
});

/**
 * `npm run bench:ab -- FOLDER`: the same briefs as a graph, with one strong model in one call and with
 * one cheap one, judged in both orders by a model of another family. Simulated unless `--config` names
 * a `headrace.yaml` with accounts.
 */
async function measureAgainstOneCall(): Promise<void> {
  const [folder] = positionals;
  if (!folder) throw new Error('Say which folder of briefs: npm run bench:ab -- FOLDER');
  const briefs = (await readBriefs(folder)).slice(0, Number(values.limit ?? Infinity));
  if (briefs.length === 0) throw new Error(`There is no brief in ${folder}.`);
  await withTemporaryFolder(async (data) => {
    const simulated = values.config === undefined;
    const headrace = simulated
      ? await openSimulated(data, {
          seed: values.seed,
          latencyScale: 0.1,
          // A judge that talks nonsense would hide what a biased one does.
          damage: { answers: 1 / 6, only: 'answer.missed_criterion' },
        })
      : { ...(await openHeadrace(data, { configFile: values.config ?? '' })), simulator: null };
    try {
      await measure(headrace.api, briefs, headrace.simulator);
    } finally {
      await headrace.close();
    }
  });
}

async function measure(
  api: ApiClient,
  briefs: readonly Brief[],
  simulator: Simulator | null,
): Promise<void> {
  const models = await api.listModels();
  const sides = chooseModels(models, values);
  const options: CompareOptions = {
    sides,
    budgetUsd: simulator ? null : Number(values['budget-usd']),
    maxTokens: capOutput(models, [sides.strong, sides.cheap]),
    patienceMs,
  };
  if (!simulator) await agree(briefs.length, options);
  const window = models.find(({ id }) => id === sides.judge)?.headrace.context_tokens ?? 0;
  const room = Math.floor((window * windowShare * unitsPerToken) / 2);
  const judge = { api, model: sides.judge, room };
  const compared = await eachAtOnce(briefs, (brief) => compareBrief(judge, brief, options));
  const biased = simulator ? await askBiasedJudge(judge, compared, simulator) : null;
  reportComparison({ compared, biased, options });
}

function capOutput(models: readonly ListedModel[], ids: readonly string[]): number {
  const caps = models
    .filter(({ id }) => ids.includes(id))
    .map(({ headrace }) => headrace.max_output_tokens);
  return Math.min(Number(values['max-tokens']), ...caps);
}

/** The planted pairs once more, by a judge for whom only the place counts: no winner may come of it. */
async function askBiasedJudge(
  judge: Judge,
  compared: readonly Compared[],
  simulator: Simulator,
): Promise<Judgement[]> {
  await fetch(`${simulator.url}/_simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ damage: { only: 'judge.first_place' } }),
  });
  const texts = compared.flatMap(({ brief, graph }) =>
    graph.text === null ? [] : [{ brief, text: graph.text }],
  );
  return eachAtOnce(texts, ({ brief, text }) =>
    judgePair(judge, { brief: brief.text, first: text, second: leaveOutMost(text) }),
  );
}

/** Money is spent only after someone was told how much it may be. */
async function agree(count: number, { budgetUsd, sides }: CompareOptions): Promise<void> {
  console.error(
    `${count} briefs with real accounts: at most $${budgetUsd} each for the graph, and beside it one call each to ` +
      `${sides.strong} and ${sides.cheap} and at least eight to the judge ${sides.judge}.`,
  );
  if (values.yes) return;
  if (!process.stdin.isTTY) throw new Error('Nobody is here to agree: say --yes.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question('Go on? [y/N] ');
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was spent.');
}

async function eachAtOnce<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  const waiting = [...items.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      made[next[0]] = await make(next[1]);
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
  return made;
}

await measureAgainstOneCall();
