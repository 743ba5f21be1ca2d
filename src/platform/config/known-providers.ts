/** The vendors whose wire format and limits Headrace knows by itself. */
export const knownProviders = ['openai', 'anthropic', 'gemini', 'deepseek', 'qwen'] as const;
export type KnownProvider = (typeof knownProviders)[number];

/** The environment variable in which each vendor's own tools look for a key. */
export const keyVariables: Record<KnownProvider, string> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  gemini: 'GEMINI_API_KEY',
  deepseek: 'DEEPSEEK_API_KEY',
  qwen: 'DASHSCOPE_API_KEY',
};

/** Vendors that tell limits to keys of administrators only, and whether one has to say of which project. */
export const adminKeys: Readonly<Record<string, { needsProject: boolean; example: string }>> = {
  openai: { needsProject: true, example: 'proj_abc' },
  anthropic: { needsProject: false, example: 'wrkspc_abc' },
};

/**
 * Vendors whose terms forbid several accounts as a way round their limits: OpenAI Services Agreement
 * §3.3, Google Cloud terms §3.3 and APIs terms.
 */
export const poolingNeedsEntitlement: ReadonlySet<string> = new Set(['openai', 'gemini']);
