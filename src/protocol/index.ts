export { type AnthropicErrorFields, readAnthropicError } from './anthropic/error.ts';
export {
  type AnthropicQuirks,
  type AnthropicThinking,
  writeAnthropicRequest,
} from './anthropic/request.ts';
export { readAnthropicAnswer } from './anthropic/response.ts';
export { createAnthropicStreamReader } from './anthropic/stream.ts';
export type {
  CanonicalAnswer,
  CanonicalMessage,
  CanonicalRequest,
  FinishReason,
  StreamEvent,
  Usage,
} from './canonical.ts';
export type { StructuredOutput } from './describe-output.ts';
export {
  type GeminiErrorFields,
  readGeminiBlock,
  readGeminiError,
} from './gemini/error.ts';
export { type GeminiQuirks, type GeminiThinking, writeGeminiRequest } from './gemini/request.ts';
export { readGeminiAnswer } from './gemini/response.ts';
export { createGeminiStreamReader } from './gemini/stream.ts';
export { createLineReader, type LineReading } from './json/line-reader.ts';
export { type JsonRepair, parseModelJson } from './json/parse-model-json.ts';
export { readModelJson } from './json/read-model-json.ts';
export { type OpenaiErrorFields, readOpenaiError, writeOpenaiError } from './openai/error.ts';
export { type OpenaiChatRequest, readOpenaiChatRequest } from './openai/read-chat-request.ts';
export { type OpenaiQuirks, type ReasoningFields, writeOpenaiRequest } from './openai/request.ts';
export { readOpenaiAnswer } from './openai/response.ts';
export { createOpenaiStreamReader } from './openai/stream.ts';
export {
  createOpenaiStreamWriter,
  type OpenaiChunk,
  type OpenaiStreamWriter,
} from './openai/stream-writer.ts';
export { type AnswerIdentity, writeOpenaiAnswer } from './openai/write-answer.ts';
export { writeOpenaiModel } from './openai/write-model.ts';
export type { StreamReader, WireError } from './stream-reader.ts';
export { writeTag } from './tags.ts';
export {
  createThinkingReader,
  findThinkEnd,
  splitAnswerThinking,
  splitThinking,
} from './think-tags.ts';
