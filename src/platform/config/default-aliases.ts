/**
 * The names people know, resolved to what the vendors serve as of November 2026; `aliases:` in the
 * configuration wins. DeepSeek retired `deepseek-reasoner` on 2026-07-24: its R1 is v4-pro, thinking.
 */
export const defaultAliases: Readonly<Record<string, string>> = {
  'gpt-4': 'openai/gpt-5.6-sol',
  'claude-3': 'anthropic/claude-sonnet-5-5',
  'gemini-pro': 'gemini/gemini-3.1-pro-preview',
  'deepseek-r1': 'deepseek/deepseek-v4-pro',
  'qwen-2.5': 'qwen/qwen3.8-max',
};
