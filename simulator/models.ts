export const providerNames = ['openai', 'anthropic', 'gemini', 'deepseek', 'qwen'] as const;
export type ProviderName = (typeof providerNames)[number];

export interface SimulatedModel {
  id: string;
  provider: ProviderName;
  contextTokens: number;
  maxOutputTokens: number;
  /** Seconds since the epoch, for the vendors whose list states it. */
  created: number;
  /** Tokens per second before the seed's own spread. */
  tokensPerSecond: number;
  /** Milliseconds to the first token before the seed's own spread. */
  firstTokenMs: number;
}

type Line = readonly [id: string, contextTokens: number, maxOutputTokens: number, speed: number];

const catalogue: Record<ProviderName, readonly Line[]> = {
  openai: [
    ['gpt-5.6-sol', 1_050_000, 128_000, 420],
    ['gpt-5.6-terra', 1_050_000, 128_000, 520],
    ['gpt-5.6-luna', 1_050_000, 128_000, 640],
    ['gpt-5.5', 1_050_000, 128_000, 400],
    ['gpt-6-astra', 1_000_000, 128_000, 360],
    ['gpt-6-sol', 1_000_000, 128_000, 440],
    ['gpt-6-luna', 1_000_000, 128_000, 620],
    ['gpt-6.1-sol', 1_000_000, 128_000, 440],
  ],
  anthropic: [
    ['claude-fable-5.1', 1_000_000, 128_000, 360],
    ['claude-opus-5-5', 1_000_000, 128_000, 380],
    ['claude-sonnet-5-5', 1_000_000, 128_000, 480],
    ['claude-haiku-4-5', 200_000, 64_000, 660],
  ],
  gemini: [
    ['gemini-3.1-pro-preview', 1_048_576, 65_536, 420],
    ['gemini-3.6-flash', 1_048_576, 65_536, 640],
    ['gemini-3.8-flash', 1_048_576, 65_536, 660],
  ],
  deepseek: [
    ['deepseek-v4-pro', 1_000_000, 384_000, 400],
    ['deepseek-flash', 1_000_000, 384_000, 600],
  ],
  qwen: [
    ['qwen3.8-max', 991_000, 128_000, 440],
    ['qwen3.8-flash', 991_000, 128_000, 620],
  ],
};

export const simulatedModels: readonly SimulatedModel[] = providerNames.flatMap((provider) =>
  catalogue[provider].map(([id, contextTokens, maxOutputTokens, tokensPerSecond], index) => ({
    id,
    provider,
    contextTokens,
    maxOutputTokens,
    created: 1_780_000_000 + index * 86_400,
    tokensPerSecond,
    firstTokenMs: 120_000 / tokensPerSecond,
  })),
);

export function modelsOf(provider: ProviderName): SimulatedModel[] {
  return simulatedModels.filter((model) => model.provider === provider);
}
