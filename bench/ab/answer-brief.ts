import type { ApiClient, RunDocument } from '../api-client.ts';
import type { Brief } from '../briefs/read-briefs.ts';

/** What one of the ways made of a brief. */
export interface Answer {
  /** Markdown; files stand in it in full. `null`: it delivered nothing. */
  text: string | null;
  tokens: number;
  /** `null`: a model that answered has no price. */
  nanoUsd: number | null;
  seconds: number;
  /** `provider/model` of every model that had a part in it. */
  models: string[];
  /** Why there is nothing, or what is wrong with it. */
  trouble: string | null;
}

export interface GraphOptions {
  models: readonly string[];
  /** `null`: simulated calls cost nothing. */
  budgetUsd: number | null;
  patienceMs: number;
}

/** The brief as a graph of tasks, as `POST /api/v1/projects` carries it out. */
export async function answerAsGraph(
  api: ApiClient,
  brief: Brief,
  options: GraphOptions,
): Promise<Answer> {
  return timed(async () => {
    const runId = await api.startRun({
      brief: brief.text,
      models: options.models,
      ...(options.budgetUsd === null ? {} : { budget: { usd: options.budgetUsd } }),
    });
    const signal = AbortSignal.timeout(options.patienceMs);
    // The stream ends with the run.
    for await (const _event of api.followEvents(runId, { signal }));
    const run = await api.readRun(runId);
    const { input_tokens, output_tokens, cost_usd } = run.usage;
    const attempts = run.tasks.flatMap((task) => task.attempts);
    return {
      text: run.status === 'succeeded' ? await readWhole(api, run) : null,
      tokens: input_tokens + output_tokens,
      nanoUsd: toNanoUsd(cost_usd),
      models: [...new Set(attempts.map(({ model }) => model))],
      trouble: run.failure ? `${run.status}: ${run.failure.message}` : null,
    };
  });
}

/** The result and its files in one text, as one call would have written them. */
async function readWhole(api: ApiClient, run: RunDocument): Promise<string> {
  const files: string[] = [];
  for (const { path } of run.artifacts) {
    const content = await api.readArtifact(run.id, path);
    // A longer fence than any in the file, or the file would end in its own middle.
    const inside = [...content.matchAll(/^`{3,}/gm)].map(([ticks]) => ticks.length);
    const fence = '`'.repeat(Math.max(3, 1 + Math.max(0, ...inside)));
    files.push(`### ${path}\n\n${fence}\n${content.trimEnd()}\n${fence}`);
  }
  return [run.result ?? '', ...files].join('\n\n').trim();
}

const duty =
  'Carry out the brief completely and by yourself, in the language of the brief, as one Markdown document. ' +
  'Write every file that it asks for in full, in a fenced block under a heading with its path. ' +
  'Where something is left open, decide it and say so.';

/** The brief in one call to one model. */
export async function answerInOneCall(
  api: ApiClient,
  brief: Brief,
  { model, maxTokens }: { model: string; maxTokens: number },
): Promise<Answer> {
  return timed(async () => {
    const answer = await api.complete({ model, system: duty, user: brief.text, maxTokens });
    const isCut = answer.finishReason === 'length';
    return {
      text: answer.text.trim() === '' ? null : answer.text.trim(),
      tokens: answer.inputTokens + answer.outputTokens,
      nanoUsd: toNanoUsd(answer.costUsd),
      models: [model],
      trouble: isCut ? `${model} stopped at its cap of ${maxTokens} tokens` : null,
    };
  });
}

export function toNanoUsd(usd: number | null): number | null {
  return usd === null ? null : Math.round(usd * 1e9);
}

async function timed(work: () => Promise<Omit<Answer, 'seconds'>>): Promise<Answer> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  try {
    return { ...(await work()), seconds: seconds() };
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    return { text: null, tokens: 0, nanoUsd: 0, seconds: seconds(), models: [], trouble };
  }
}
