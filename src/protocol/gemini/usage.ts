import { z } from 'zod';
import type { Usage } from '../canonical.ts';

const count = z.number().int().nonnegative().nullish();

export const geminiUsage = z.object({
  promptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  cachedContentTokenCount: count,
  toolUsePromptTokenCount: count,
});

/** The prompt count holds the cached tokens; the thoughts are counted outside the candidates. */
export function readGeminiUsage(usage: z.infer<typeof geminiUsage>): Usage {
  const reasoning = usage.thoughtsTokenCount ?? 0;
  return {
    input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
    output: (usage.candidatesTokenCount ?? 0) + reasoning,
    cachedInput: usage.cachedContentTokenCount ?? 0,
    cacheWriteInput: 0,
    reasoning,
  };
}
