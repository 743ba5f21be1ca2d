import { z } from 'zod';
import type { Usage } from '../canonical.ts';

const count = z.number().int().nonnegative().nullish();

export const anthropicUsage = z.object({
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: count }).nullish(),
});
export type AnthropicUsage = z.infer<typeof anthropicUsage>;

/** `input_tokens` counts only what follows the last cache breakpoint; the whole input is the sum. */
export function readAnthropicUsage(usage: AnthropicUsage): Usage {
  const cachedInput = usage.cache_read_input_tokens ?? 0;
  const cacheWriteInput = usage.cache_creation_input_tokens ?? 0;
  return {
    input: (usage.input_tokens ?? 0) + cachedInput + cacheWriteInput,
    output: usage.output_tokens ?? 0,
    cachedInput,
    cacheWriteInput,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

/** A stream tells the input at its start and the output so far at its end: what is told later wins. */
export function mergeAnthropicUsage(
  earlier: AnthropicUsage | null,
  later: AnthropicUsage,
): AnthropicUsage {
  const told = Object.entries(later).filter(([, value]) => value !== null && value !== undefined);
  return { ...earlier, ...Object.fromEntries(told) };
}
