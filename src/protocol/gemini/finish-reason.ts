import type { FinishReason } from '../canonical.ts';

const reasons = new Map<string, FinishReason>(
  Object.entries({
    STOP: 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content_filter',
    RECITATION: 'content_filter',
    LANGUAGE: 'content_filter',
    BLOCKLIST: 'content_filter',
    PROHIBITED_CONTENT: 'content_filter',
    SPII: 'content_filter',
    IMAGE_SAFETY: 'content_filter',
    UNEXPECTED_TOOL_CALL: 'tool_calls',
    MALFORMED_RESPONSE: 'error',
  } satisfies Record<string, FinishReason>),
);

export function readGeminiFinishReason(reason: string | null | undefined): FinishReason {
  return reasons.get(reason ?? '') ?? 'unknown';
}
