import type { CanonicalRequest, OpenaiQuirks, ReasoningFields } from '../../protocol/index.ts';

export function quirksOf({ reasoning }: CanonicalRequest): OpenaiQuirks {
  return {
    maxTokensField: 'max_tokens',
    systemRole: 'system',
    // No schema: it is put into words, and the caller validates.
    structuredOutput: 'json',
    // Thinking is on unless it is switched off, and then these are silently ignored.
    sampling: reasoning === 'off',
    seed: false,
    userField: 'user_id',
    streamOnly: false,
    reasoning: reasoningFields(reasoning),
  };
}

/** DeepSeek's levels are low, high and max. */
const efforts = { low: 'low', medium: 'high', high: 'max' } as const;

function reasoningFields(level: CanonicalRequest['reasoning']): ReasoningFields {
  if (level === undefined) return {};
  if (level === 'off') return { thinking: { type: 'disabled' } };
  return { thinking: { type: 'enabled' }, reasoning_effort: efforts[level] };
}
