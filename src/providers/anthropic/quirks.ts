import type { AnthropicQuirks, AnthropicThinking, CanonicalRequest } from '../../protocol/index.ts';

/** Thinking budgets of the models that take a number instead of an effort, in tokens. */
const budgets = { low: 1024, medium: 4096, high: 16_384 };
const smallestBudget = 1024;

export function quirksOf(request: CanonicalRequest): AnthropicQuirks {
  const version = versionOf(request.model);
  const thinking = thinkingOf(request, version);
  const on = thinking !== null && thinking.type !== 'disabled';
  return {
    structuredOutput: version >= 4.5 ? 'schema' : 'prompt',
    // Gone from the API after 4.6, and never allowed together with thinking.
    sampling: version <= 4.6 && !on,
    thinking,
    effort: effortOf(request, version),
  };
}

/** `claude-opus-5-5` → 5.5, `claude-3-5-haiku` → 3.5; a name without one counts as newest. */
function versionOf(model: string): number {
  const match = /(?:^|-)(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(model);
  return match === null ? Infinity : Number(`${match[1]}.${match[2] ?? 0}`);
}

/** Fable and Mythos always think; for them the lowest effort is as near to "off" as it gets. */
function alwaysThinks(model: string): boolean {
  return /fable|mythos/.test(model);
}

function thinkingOf(
  { model, reasoning, maxOutputTokens }: CanonicalRequest,
  version: number,
): AnthropicThinking | null {
  if (reasoning === undefined) return null;
  if (reasoning === 'off') {
    return version > 4.6 && !alwaysThinks(model) ? { type: 'disabled' } : null;
  }
  if (version >= 4.6) return { type: 'adaptive', display: 'summarized' };
  if (version < 3.7) return null;
  // The budget must be at least 1,024 and less than max_tokens; half of it is left for the answer.
  const budget = Math.min(budgets[reasoning], Math.floor(maxOutputTokens / 2));
  return budget < smallestBudget ? null : { type: 'enabled', budget_tokens: budget };
}

function effortOf({ model, reasoning }: CanonicalRequest, version: number) {
  if (reasoning === undefined || version < 4.6) return null;
  if (reasoning === 'off') return alwaysThinks(model) ? 'low' : null;
  return reasoning;
}
