import type { FinishReason } from '../canonical.ts';

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  // A server-side tool wants to go on; we send none, so the answer is incomplete.
  pause_turn: 'unknown',
};

export function readAnthropicFinishReason(reason: string | null | undefined): FinishReason {
  return reasons[reason ?? ''] ?? 'unknown';
}
