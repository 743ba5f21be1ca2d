export type {
  CanonicalAnswer,
  CanonicalMessage,
  CanonicalRequest,
  FinishReason,
  StreamEvent,
  Usage,
} from './canonical.ts';
export type { StreamReader, WireError } from './stream-reader.ts';
