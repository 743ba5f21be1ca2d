import type { ModelInfo } from '../../dispatch/index.ts';
import type { Payable } from './budget-row.ts';
import { payableOutput } from './payable-output.ts';

/** A task with fewer output tokens than these is not worth its prompt. */
export const leastTaskTokens = 300;

/** What a worker reads of a brief that is one task beside brief, files and clarifications, in bytes, on the safe side. */
const framingBytes = 850;
const fileFrameBytes = 120;
const clarificationFrameBytes = 60;
/** So much of the attached texts reaches a worker. */
const mostFileBytes = 262_144;
/** A worker's prompt is cut to the window of its model: so many bytes per token, less what is left free. */
const bytesPerToken = 3;
const spareTokens = 512;

export interface Material {
  briefBytes: number;
  /** `bytes`: of those that are shown as text; 0 for any other. */
  files: readonly { name: string; bytes: number }[];
  clarifications: readonly { question: string; answer: string }[];
}

/** Bytes of the prompt for a brief that is one task, before it is cut to a window: a budget takes each for a token. */
export function promptBytes({ briefBytes, files, clarifications }: Material): number {
  const texts = files.reduce((sum, file) => sum + file.bytes, 0);
  const names = files.reduce((sum, { name }) => sum + Buffer.byteLength(name) + fileFrameBytes, 0);
  const asked = clarifications.reduce(
    (sum, { question, answer }) =>
      sum + Buffer.byteLength(question) + Buffer.byteLength(answer) + clarificationFrameBytes,
    0,
  );
  return framingBytes + briefBytes + Math.min(texts, mostFileBytes) + names + asked;
}

/** The prompt as this model would get it, in bytes. */
export function fittedBytes(bytes: number, model: Pick<ModelInfo, 'contextTokens'>): number {
  return Math.min(bytes, (model.contextTokens - leastTaskTokens - spareTokens) * bytesPerToken);
}

export interface LeastAnswer {
  tokens: number;
  /** At the cheapest of the models; `null`: none has a price. */
  nanoUsd: number | null;
  /** The cheapest, `provider/model`. */
  model: string | null;
}

/** The least that delivers anything at all: what one short answer to the whole brief has to reserve. */
export function leastAnswer(bytes: number, models: readonly ModelInfo[]): LeastAnswer {
  const least: LeastAnswer = { tokens: Number.POSITIVE_INFINITY, nanoUsd: null, model: null };
  for (const model of models) {
    const input = fittedBytes(bytes, model);
    least.tokens = Math.min(least.tokens, input + leastTaskTokens);
    const price = model.dearestUsdPerMillion;
    if (!price) continue;
    const nanoUsd = Math.ceil((input * price.input + leastTaskTokens * price.output) * 1_000);
    if (least.nanoUsd === null || nanoUsd < least.nanoUsd)
      Object.assign(least, { nanoUsd, model: model.id });
  }
  return Number.isFinite(least.tokens) ? least : { ...least, tokens: 0 };
}

/** An answer of this length may go to a middling model; a shorter one is better left to a cheap one at more length. */
const comfortableTokens = 1_000;

/**
 * How long the answer to a brief that is one task may be, and which models it may then go to, the ablest
 * first; any of them where money is no bound.
 */
export function fitAnswer(
  bytes: number,
  models: readonly ModelInfo[],
  given: { payable: Payable; most: number },
): { maxTokens: number; models: string[] } {
  const rooms = models
    .map((model) => ({
      model,
      room: payableOutput(given.payable, fittedBytes(bytes, model), model.dearestUsdPerMillion),
    }))
    .sort((one, other) => other.room - one.room);
  const middle = rooms[Math.floor(rooms.length / 2)]?.room ?? given.most;
  const largest = rooms[0]?.room ?? given.most;
  const fitting = middle >= comfortableTokens ? middle : Math.min(comfortableTokens, largest);
  const maxTokens = Math.max(leastTaskTokens, Math.floor(Math.min(given.most, fitting)));
  if (given.payable.nanoUsd === null) return { maxTokens, models: [] };
  const able = rooms
    .filter(({ room }) => room >= maxTokens)
    .sort((one, other) => other.model.tier - one.model.tier || other.room - one.room);
  return { maxTokens, models: able.map(({ model }) => model.id) };
}
