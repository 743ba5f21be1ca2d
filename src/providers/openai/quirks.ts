import type { CanonicalRequest, OpenaiQuirks, ReasoningFields } from '../../protocol/index.ts';

export function quirksOf({ model, reasoning }: CanonicalRequest): OpenaiQuirks {
  const reasons = isReasoningModel(model);
  const fields = reasons ? reasoningFields(model, reasoning) : {};
  return {
    // `max_tokens` is deprecated, and rejected by the models that reason.
    maxTokensField: 'max_completion_tokens',
    systemRole: reasons ? 'developer' : 'system',
    structuredOutput: structuredOutputOf(model),
    // Rejected ("unsupported_value") while the model reasons.
    sampling: !reasons || fields.reasoning_effort === 'none',
    seed: !reasons,
    userField: 'safety_identifier',
    streamOnly: false,
    reasoning: fields,
  };
}

/** o-series and everything from gpt-5 on, but the chat variants. */
function isReasoningModel(model: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(model) && !/-chat\b/.test(model);
}

function reasoningFields(model: string, level: CanonicalRequest['reasoning']): ReasoningFields {
  if (level === undefined) return {};
  return { reasoning_effort: level === 'off' ? lowestEffort(model) : level };
}

/** `none` came with gpt-5.1; before it the model could think little, but not not at all. */
function lowestEffort(model: string): 'none' | 'minimal' | 'low' {
  if (/^o\d/.test(model)) return 'low';
  return /^gpt-5(?:-|$)/.test(model) ? 'minimal' : 'none';
}

function structuredOutputOf(model: string): OpenaiQuirks['structuredOutput'] {
  if (/^gpt-3\.5|^gpt-4-(?:turbo|1106|0125)/.test(model)) return 'json';
  return /^gpt-4(?:-\d+|-32k.*|-vision.*)?$/.test(model) ? 'prompt' : 'schema';
}
