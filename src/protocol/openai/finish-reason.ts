import type { FinishReason } from '../canonical.ts';

const reasons = new Map<string, FinishReason>(
  Object.entries({
    stop: 'stop',
    length: 'length',
    content_filter: 'content_filter',
    tool_calls: 'tool_calls',
    function_call: 'tool_calls',
    // DeepSeek ran out of machines in the middle of the answer.
    insufficient_system_resource: 'error',
  } satisfies Record<string, FinishReason>),
);

export function readOpenaiFinishReason(reason: string | null | undefined): FinishReason {
  return reasons.get(reason ?? '') ?? 'unknown';
}

/** OpenAI's clients know four reasons; anything else reads as an ordinary end. */
export function writeOpenaiFinishReason(
  reason: FinishReason,
): 'stop' | 'length' | 'content_filter' | 'tool_calls' {
  if (reason === 'error' || reason === 'unknown') return 'stop';
  return reason;
}
