export type {
  CanonicalAnswer,
  CanonicalMessage,
  CanonicalRequest,
  FinishReason,
  StreamEvent,
  Usage,
} from './canonical.ts';
