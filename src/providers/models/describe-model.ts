import type { KnownModel } from '../provider.ts';
import { catalogue } from './catalogue.ts';

/** Names by which the open models are known, for hosts that serve several families. */
const families: readonly [RegExp, string][] = [
  [/gpt|^o\d/i, 'openai'],
  [/claude/i, 'anthropic'],
  [/gemini|gemma/i, 'gemini'],
  // Before the others: a distilled R1 carries the name of its base as well.
  [/deepseek|\br1\b/i, 'deepseek'],
  [/qwen|qwq/i, 'qwen'],
  [/llama/i, 'llama'],
  [/mistral|mixtral|ministral/i, 'mistral'],
  [/phi-?\d/i, 'phi'],
];

/** Small enough for any host that is in use; the configuration says more where more is known. */
const unknownModel = {
  contextTokens: 32_768,
  maxOutputTokens: 8192,
  tier: 1,
  structuredOutput: 'prompt',
  thinking: false,
} as const;

/** The catalogue's line, also for a dated name (`claude-haiku-4-5-20251001`), or cautious guesses. */
export function describeModel(provider: string, model: string): KnownModel {
  const lines = catalogue.get(provider) ?? [];
  const undated = model.replace(/-(?:\d{8}|\d{4}-\d\d-\d\d)$/, '');
  const line = lines.find((known) => known.model === model || known.model === undated);
  if (line !== undefined) return { ...line, model };
  const family = lines[0]?.family ?? families.find(([shape]) => shape.test(model))?.[1] ?? provider;
  return { model, family, ...unknownModel };
}
