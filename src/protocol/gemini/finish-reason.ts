import type { FinishReason } from '../canonical.ts';

const reasons: Readonly<Record<string, FinishReason>> = {
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
};

export function readGeminiFinishReason(reason: string | null | undefined): FinishReason {
  return reasons[reason ?? ''] ?? 'unknown';
}
