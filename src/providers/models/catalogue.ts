import type { KnownModel } from '../provider.ts';

/** The day on which these lines were compared with the vendors' pages; configuration overrides them. */
export const catalogueAsOf = '2026-11-21';

type Row = Omit<KnownModel, 'family'>;

const openai: readonly Row[] = [
  // Tokens of the gpt-6 models other than astra are taken from astra: no page states them.
  row('gpt-6-astra', [1_000_000, 128_000], 3),
  row('gpt-6.1-sol', [1_000_000, 128_000], 3),
  row('gpt-6-sol', [1_000_000, 128_000], 3),
  row('gpt-6-luna', [1_000_000, 128_000], 1),
  row('gpt-5.6-sol', [1_050_000, 128_000], 3),
  row('gpt-5.6-terra', [1_050_000, 128_000], 2),
  row('gpt-5.6-luna', [1_050_000, 128_000], 1),
  row('gpt-5.5', [1_050_000, 128_000], 3),
];

const anthropic: readonly Row[] = [
  row('claude-fable-5-1', [1_000_000, 128_000], 3),
  row('claude-opus-5-5', [1_000_000, 128_000], 3),
  row('claude-sonnet-5-5', [1_000_000, 128_000], 2),
  row('claude-haiku-4-5', [200_000, 64_000], 1),
];

const gemini: readonly Row[] = [
  row('gemini-3.1-pro-preview', [1_048_576, 65_536], 3),
  row('gemini-3.8-flash', [1_000_000, 64_000], 2),
  row('gemini-3.6-flash', [1_048_576, 65_536], 2),
];

const deepseek: readonly Row[] = [
  row('deepseek-v4-pro', [1_000_000, 384_000], 3, 'json'),
  row('deepseek-flash', [1_000_000, 384_000], 2, 'json'),
];

const qwen: readonly Row[] = [
  row('qwen3.8-max', [991_000, 128_000], 3, 'json'),
  row('qwen3.8-flash', [991_000, 128_000], 2, 'json'),
];

/** By provider, the strongest model first. */
export const catalogue = new Map<string, readonly KnownModel[]>(
  Object.entries({
    openai: withFamily('openai', openai),
    anthropic: withFamily('anthropic', anthropic),
    gemini: withFamily('gemini', gemini),
    deepseek: withFamily('deepseek', deepseek),
    qwen: withFamily('qwen', qwen),
  }),
);

function withFamily(family: string, rows: readonly Row[]): KnownModel[] {
  return rows.map((line) => ({ ...line, family }));
}

// biome-ignore lint/complexity/useMaxParams: one line per model reads as a table
function row(
  model: string,
  [contextTokens, maxOutputTokens]: readonly [number, number],
  tier: KnownModel['tier'],
  structuredOutput: KnownModel['structuredOutput'] = 'schema',
): Row {
  return { model, contextTokens, maxOutputTokens, tier, structuredOutput, thinking: true };
}
