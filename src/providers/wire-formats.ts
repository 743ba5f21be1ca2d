import {
  type AnthropicQuirks,
  createAnthropicStreamReader,
  createGeminiStreamReader,
  createOpenaiStreamReader,
  createThinkingReader,
  type GeminiQuirks,
  type OpenaiQuirks,
  readAnthropicAnswer,
  readGeminiAnswer,
  readOpenaiAnswer,
  splitAnswerThinking,
  writeAnthropicRequest,
  writeGeminiRequest,
  writeOpenaiRequest,
} from '../protocol/index.ts';
import type { WireFormat } from './vendor.ts';

export const openaiFormat: WireFormat<OpenaiQuirks> = {
  writeRequest: writeOpenaiRequest,
  readAnswer: readOpenaiAnswer,
  createStreamReader: createOpenaiStreamReader,
  isStreamOnly: ({ streamOnly }) => streamOnly,
};

/** For hosts of open models, which may leave the reasoning in the text. */
export const openaiFormatWithThinkTags: WireFormat<OpenaiQuirks> = {
  ...openaiFormat,
  readAnswer: (body) => splitAnswerThinking(readOpenaiAnswer(body)),
  createStreamReader: () => createThinkingReader(createOpenaiStreamReader()),
};

export const anthropicFormat: WireFormat<AnthropicQuirks> = {
  writeRequest: writeAnthropicRequest,
  readAnswer: readAnthropicAnswer,
  createStreamReader: createAnthropicStreamReader,
  isStreamOnly: () => false,
};

export const geminiFormat: WireFormat<GeminiQuirks> = {
  writeRequest: writeGeminiRequest,
  readAnswer: readGeminiAnswer,
  createStreamReader: createGeminiStreamReader,
  isStreamOnly: () => false,
};
