import type { FinishReason } from '../canonical.ts';

const reasons = new Map<string, FinishReason>(
  Object.entries({
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_use: 'tool_calls',
    refusal: 'content_filter',
    // A server-side tool wants to go on; we send none, so the answer is incomplete.
    pause_turn: 'unknown',
  } satisfies Record<string, FinishReason>),
);

export function readAnthropicFinishReason(reason: string | null | undefined): FinishReason {
  return reasons.get(reason ?? '') ?? 'unknown';
}
