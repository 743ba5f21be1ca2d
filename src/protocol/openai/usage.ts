import { z } from 'zod';
import type { Usage } from '../canonical.ts';

const count = z.number().int().nonnegative().nullish();

/** OpenAI's `usage`, with DeepSeek's cache hits and DashScope's cache writes. */
export const openaiUsage = z.object({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: count,
  prompt_tokens_details: z
    .object({
      cached_tokens: count,
      cache_write_tokens: count,
      cache_creation_input_tokens: count,
    })
    .nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
  prompt_cache_hit_tokens: count,
});

/** `prompt_tokens` counts the cached ones and `completion_tokens` the reasoning, as ours do. */
export function readOpenaiUsage(usage: z.infer<typeof openaiUsage>): Usage {
  const details = usage.prompt_tokens_details;
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens ?? 0,
    cachedInput: details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0,
    cacheWriteInput: details?.cache_write_tokens ?? details?.cache_creation_input_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

export function writeOpenaiUsage(usage: Usage) {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInput,
      cache_write_tokens: usage.cacheWriteInput,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}
