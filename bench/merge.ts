import { type MergeOutcome, mergeAnswers } from '../src/results/index.ts';
import { drawTable } from './draw-table.ts';
import { type MergeSize, type PlantedMerge, plantMerge } from './merge/plant-claims.ts';
import { type MergeScore, scoreMerge } from './merge/score-merge.ts';
import { createSmallModel } from './merge/small-model.ts';
import { report } from './report.ts';

const contextTokens = 24_000;
/** Inputs as a multiple of the context. */
const factors = [0.2, 0.5, 1, 2, 5, 10, 20];
const shownCases = 12;
const languages = ['en', 'en', 'vi', 'zh'] as const;

interface Merged {
  name: string;
  factor: number;
  score: MergeScore;
  calls: number;
  fullest: number;
  overflows: number;
  failure: string | null;
}

/** `npm run bench:merge [MERGES]`: what becomes of claims and contradictions, from a fifth to twenty times the context. */
async function measureMerges(): Promise<void> {
  const count = Number(process.argv[2] ?? 200);
  const merges: Merged[] = [];
  for (let index = 0; index < count; index += 1) {
    const factor = factors[index % factors.length] ?? 1;
    const size: MergeSize = {
      tokens: factor * contextTokens,
      tasks: 3 + (index % 8),
      language: languages[index % languages.length] ?? 'en',
    };
    const name = `merge ${index}: ${size.tasks} inputs, ${factor} × context, ${size.language}`;
    merges.push(await mergeOne(name, factor, plantMerge(`merge/${index}`, size)));
  }
  show(merges);
}

async function mergeOne(name: string, factor: number, planted: PlantedMerge): Promise<Merged> {
  const model = createSmallModel(planted.name, contextTokens);
  let outcome: MergeOutcome = {
    result: '',
    report: [],
    artifacts: [],
    route: 'synthesis',
    claims: [],
    conflicts: [],
  };
  let failure: string | null = null;
  try {
    outcome = await mergeAnswers(
      {
        dispatch: model.dispatch,
        call: {
          tenantId: 'default',
          lane: 'standard',
          owner: { requestId: planted.name },
          deadlineAt: Number.POSITIVE_INFINITY,
          signal: new AbortController().signal,
        },
        models: [model.id],
      },
      {
        commission: { brief: planted.brief, clarifications: [], criteria: [] },
        tasks: planted.tasks,
      },
    );
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return {
    ...{ name, factor, failure },
    score: scoreMerge(planted, outcome),
    calls: model.calls(),
    fullest: model.fullest(),
    overflows: model.overflows(),
  };
}

function show(merges: readonly Merged[]): void {
  const all = rowOf('all', merges);
  const lost = merges.flatMap(({ name, score }) =>
    score.lost.map(({ taskId, sentence }) => `${name}: ${taskId} "${sentence}"`),
  );
  const missed = merges.flatMap(({ name, score }) =>
    score.missed.map(({ subject, numbers }) => `${name}: ${subject}, ${numbers.join(' or ')}`),
  );
  const failed = merges.flatMap(({ name, failure }) => (failure ? [`${name}: ${failure}`] : []));
  const figures = [
    {
      name: 'required claims present or listed as rejected',
      goal: '100 %',
      measured: percent(all['claims kept'], all['required claims']),
      met: lost.length === 0,
    },
    {
      name: 'conflicts found',
      goal: '≥ 95 %',
      measured: percent(all['conflicts found'], all.conflicts),
      met: all['conflicts found'] >= 0.95 * all.conflicts,
    },
    {
      name: 'conflicts reported that are none',
      goal: '0',
      measured: `${all.invented}`,
      met: all.invented === 0,
    },
    {
      name: 'calls that exceed the context',
      goal: '0',
      measured: `${all['over the context']} of ${all.calls}`,
      met: all['over the context'] === 0,
    },
    {
      name: 'claims listed as used that do not stand where the report says',
      goal: '0',
      measured: `${all.untrue}`,
      met: all.untrue === 0,
    },
    {
      name: 'merges that failed',
      goal: '0',
      measured: `${failed.length}`,
      met: failed.length === 0,
    },
  ];
  report('merge', figures, [
    ...drawTable([
      ...factors.map((factor) =>
        rowOf(
          `${factor} ×`,
          merges.filter((merge) => merge.factor === factor),
        ),
      ),
      all,
    ]),
    '',
    `${merges.length} merges of 3 to 10 research answers through \`mergeAnswers\`, by the simulator's merger with a context of ${contextTokens} tokens; \`npm run bench:merge\`.`,
    'A claim is a sentence with a number of its own; it is kept where its number stands in the result, or it or its task is listed as rejected. A conflict is found where both numbers stand in one paragraph, or in one of the conflicts beside it.',
    'The rules that find conflicts were mended with these wordings in view, so the share holds for plain statements of this kind. Two that differ in their verb as well as in their amount are taken for two subjects, and missed.',
    'Tokens are counted as the simulator counts them; a call exceeds the context where its prompt and the output it reserves do not fit together.',
    ...listCases('Lost claims', lost),
    ...listCases('Conflicts not found', missed),
    ...listCases('Failed', failed),
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

function rowOf(name: string, merges: readonly Merged[]) {
  const sum = (pick: (merge: Merged) => number) =>
    merges.reduce((total, merge) => total + pick(merge), 0);
  return {
    'inputs / context': name,
    merges: merges.length,
    calls: sum(({ calls }) => calls),
    'fullest call': Math.max(0, ...merges.map(({ fullest }) => fullest)),
    'over the context': sum(({ overflows }) => overflows),
    'required claims': sum(({ score }) => score.claims),
    'in the result': sum(({ score }) => score.present),
    'claims kept': sum(({ score }) => score.present + score.listed),
    untrue: sum(({ score }) => score.untrue),
    conflicts: sum(({ score }) => score.conflicts),
    'conflicts found': sum(({ score }) => score.found),
    invented: sum(({ score }) => score.invented),
  };
}

function percent(part: number, of: number): string {
  return `${((100 * part) / of).toFixed(1)} % (${part} of ${of})`;
}

function listCases(title: string, cases: readonly string[]): string[] {
  if (cases.length === 0) return [];
  const step = Math.max(1, Math.floor(cases.length / shownCases));
  const shown = cases.filter((_, index) => index % step === 0).slice(0, shownCases);
  return [
    '',
    `${title} (${shown.length} of ${cases.length}):`,
    ...shown.map((each) => `- ${each}`),
  ];
}

await measureMerges();
