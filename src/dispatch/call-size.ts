import type { CanonicalRequest } from '../protocol/index.ts';
import type { CallSize } from '../providers/index.ts';

/** What is known of a call's size before it is sent. */
export interface MeasuredCall extends CallSize {
  /** UTF-8 bytes of everything the model reads: no byte-level tokenizer makes more tokens. */
  inputBytes: number;
}

/** English averages four bytes per token, Vietnamese and code about three. */
const bytesPerToken = 3.5;
/** What chat templates put around each message, in tokens. */
const tokensPerMessage = 8;

export function measureCall(request: Omit<CanonicalRequest, 'model'>): MeasuredCall {
  const texts = request.messages.map(({ content }) => content);
  if (request.output?.type === 'json_schema') texts.push(JSON.stringify(request.output.schema));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const frame = tokensPerMessage * (request.messages.length + 1);
  return {
    inputBytes: bytes + frame,
    inputCharacters: texts.reduce((sum, text) => sum + text.length, 0),
    estimatedInput: estimateInput(bytes) + frame,
    estimatedCachedInput: 0,
    maxOutput: request.maxOutputTokens,
    predictedOutput: request.maxOutputTokens,
  };
}

/** Before anything was learnt about the model's tokens. */
export function estimateInput(bytes: number): number {
  return Math.ceil(Math.max(0, bytes) / bytesPerToken);
}

/** The size of a call that is not written yet, in tokens. */
export function sizeOf(tokens: { input: number; output: number }): MeasuredCall {
  return {
    inputBytes: tokens.input * 4,
    inputCharacters: tokens.input * 4,
    estimatedInput: tokens.input,
    estimatedCachedInput: 0,
    maxOutput: tokens.output,
    predictedOutput: tokens.output,
  };
}
