import type { StreamEvent } from './canonical.ts';

/**
 * Decodes one streamed answer. Bytes may be cut anywhere, inside a character too. Exactly one `end`
 * event comes out, from `push` or from `end()`: a stream that stops without its terminal is an
 * `end` with `finishReason: 'error'` and `usage: null`.
 */
export interface StreamReader {
  push(chunk: Uint8Array | string): StreamEvent[];
  /** The connection closed. */
  end(): StreamEvent[];
  /** What the provider reported inside the stream, `null` where it reported nothing wrong. */
  error(): WireError | null;
}

/** An error document inside a stream that began with status 200. */
export interface WireError {
  /** The document as it came, or `null` where the stream was cut or unreadable. */
  body: unknown;
  message: string;
}
