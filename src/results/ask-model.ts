import { createHash } from 'node:crypto';
import type { ResultsDeps } from './results.ts';

export interface Question {
  role: 'merger' | 'comparer' | 'judge';
  /** What the role must do, in the system message. */
  duty: string;
  /** The tagged sections, the format last. */
  prompt: string;
  maxTokens: number;
  json: boolean;
  /** How often the same was asked before, where what came was of no use. */
  again?: number;
}

export interface Reply {
  text: string;
  /** `provider/model`. */
  model: string;
  truncated: boolean;
}

/** One call to the orchestrator model in one of its roles; throws what `dispatch.call` throws. */
export async function askModel(deps: ResultsDeps, question: Question): Promise<Reply> {
  const outcome = await deps.dispatch.call({
    ...deps.call,
    streamed: true,
    models: deps.models,
    keepAs: nameOf(deps, question),
    request: {
      messages: [
        { role: 'system', content: `You are Headrace's ${question.role}. ${question.duty}` },
        { role: 'user', content: question.prompt },
      ],
      maxOutputTokens: outputRoom(deps, question.maxTokens),
      ...(question.json ? { output: { type: 'json' as const } } : {}),
    },
  });
  return {
    text: outcome.answer.text,
    model: `${outcome.provider}/${outcome.model}`,
    truncated: outcome.answer.finishReason === 'length',
  };
}

/** The same question to the same models; where the task began anew, it was answered before. */
function nameOf({ models }: ResultsDeps, { role, prompt, again = 0 }: Question): string {
  const said = createHash('sha256')
    .update(JSON.stringify([models, prompt]))
    .digest('hex');
  return `${role} ${again} ${said}`;
}

/** Tokens of a text, for fitting windows: three UTF-8 bytes each, on the safe side for English and near for Chinese. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Of a call that a budget bounds, this share is for its answer. */
const outputShare = 0.35;
const leastOutput = 300;
/**
 * The window that a prompt and its answer of at most `wanted` tokens share, in tokens: the smallest of
 * the models', 32,000 where none is known, or what a budget leaves.
 */
export function smallestContext(deps: ResultsDeps, wanted = Number.POSITIVE_INFINITY): number {
  const known = new Map(deps.dispatch.models().map((model) => [model.id, model.contextTokens]));
  const windows = deps.models.map((model) => known.get(model) ?? 32_000);
  const window = windows.length === 0 ? 32_000 : Math.min(...windows);
  if (!deps.callBudget) return window;
  const output = outputRoom(deps, wanted);
  return Math.min(window, Math.floor(output + payableBytes(deps, output) / bytesPerToken));
}

/** Bytes of input that a budget pays beside so many tokens of output. */
function payableBytes(deps: ResultsDeps, output: number): number {
  const { tokens, nanoUsd } = readBudget(deps);
  const rates = dearestNanoUsd(deps);
  return Math.max(0, Math.min(tokens - output, (nanoUsd - output * rates.output) / rates.input));
}

function readBudget({ callBudget }: ResultsDeps): { tokens: number; nanoUsd: number } {
  return {
    tokens: callBudget?.tokens ?? Number.POSITIVE_INFINITY,
    nanoUsd: callBudget?.nanoUsd ?? Number.POSITIVE_INFINITY,
  };
}

/** Nano-USD per byte of input and token of output, at whichever of the models is dearest; never 0. */
function dearestNanoUsd(deps: ResultsDeps): { input: number; output: number } {
  const rates = deps.dispatch
    .models()
    .flatMap(({ id, dearestUsdPerMillion: price }) =>
      price && deps.models.includes(id) ? [price] : [],
    );
  return {
    input: Math.max(1, ...rates.map(({ input }) => input * 1_000)),
    output: Math.max(1, ...rates.map(({ output }) => output * 1_000)),
  };
}

/** What an answer may be long, at most `wanted`: asking for more is refused by some vendors, or by the budget. */
export function outputRoom(deps: ResultsDeps, wanted: number): number {
  const known = new Map(deps.dispatch.models().map((model) => [model.id, model.maxOutputTokens]));
  const least = deps.models.map((model) => known.get(model) ?? Number.POSITIVE_INFINITY);
  const { tokens, nanoUsd } = readBudget(deps);
  const payable = Math.min(tokens, nanoUsd / dearestNanoUsd(deps).output);
  const paid = Math.max(leastOutput, Math.floor(payable * outputShare));
  return Math.min(wanted, paid, ...least);
}

/** Of a window the share that a brief may fill: what is asked about has to stand beside it. */
const briefShare = 1 / 4;

/** The brief as far as it fits beside what it is needed for. */
export function fitBrief(deps: ResultsDeps, brief: string): string {
  return cutToTokens(brief, Math.floor(smallestContext(deps) * briefShare));
}

/** A budget takes each byte for a token. */
const bytesPerToken = 3;
/** Of "[… 1234567 characters left out …]" with the blank line before it. */
const markBytes = 48;

/**
 * Cuts a text at a paragraph's border, or else anywhere but within a character, to at most `tokens`
 * with the words that say how much was left out. Counted in bytes: a text whose beginning is Chinese
 * and whose end is code has more tokens per character at its beginning.
 */
export function cutToTokens(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  const bytes = Math.max(0, Math.floor(tokens) * bytesPerToken - markBytes);
  const kept = Buffer.from(text)
    .subarray(0, bytes)
    .toString()
    .replace(/\uFFFD+$/, '');
  const border = kept.lastIndexOf('\n\n');
  const end = border > kept.length / 2 ? border : kept.length;
  return `${kept.slice(0, end)}\n\n[… ${text.length - end} characters left out …]`.trimStart();
}
