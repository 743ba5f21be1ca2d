import type { CanonicalRequest, OpenaiQuirks, ReasoningFields } from '../../protocol/index.ts';

/** Thinking budgets in tokens. */
const budgets = { low: 2048, medium: 8192, high: 32_768 };

export function quirksOf(request: CanonicalRequest): OpenaiQuirks {
  const thinks = isThinking(request);
  return {
    maxTokensField: 'max_tokens',
    systemRole: 'system',
    // JSON mode is not available while the model thinks.
    structuredOutput: thinks ? 'prompt' : 'json',
    sampling: true,
    seed: true,
    userField: null,
    streamOnly: thinks && isStreamOnly(request.model),
    reasoning: reasoningFields(request),
  };
}

function alwaysThinks(model: string): boolean {
  return /^(?:qwq|qvq)|-thinking/.test(model);
}

/** The dedicated thinkers and the open hybrids (`qwen3-32b`) answer only as a stream while they think. */
function isStreamOnly(model: string): boolean {
  return alwaysThinks(model) || /^qwen3-\d/.test(model);
}

/** Hybrids think unless they are told not to; names before qwen3 and `-instruct` never do. */
function isThinking({ model, reasoning }: CanonicalRequest): boolean {
  if (alwaysThinks(model)) return true;
  if (reasoning !== undefined) return reasoning !== 'off';
  return /^qwen(?:[3-9]|\d\d)/.test(model) && !/-instruct|-coder/.test(model);
}

function reasoningFields({ model, reasoning, maxOutputTokens }: CanonicalRequest): ReasoningFields {
  if (reasoning === undefined || alwaysThinks(model)) return {};
  if (reasoning === 'off') return { enable_thinking: false };
  return {
    enable_thinking: true,
    thinking_budget: Math.max(1, Math.min(budgets[reasoning], Math.floor(maxOutputTokens / 2))),
  };
}
