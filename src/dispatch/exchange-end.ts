import type { TimeOuts } from '../platform/config/config.ts';
import type { CanonicalAnswer, StreamEvent, Usage } from '../protocol/index.ts';
import type { Failure, Provider, WireCall, WireHeaders } from '../providers/index.ts';

/** One call to send. */
export interface Exchange {
  provider: Provider;
  call: WireCall;
  secret: string;
  timeOuts: TimeOuts;
  deadlineAt: number;
  signal: AbortSignal;
  takesReasoning: boolean;
  /** Hears text and reasoning as they come; awaited, so that a slow listener slows the vendor down. */
  onEvent: ((event: StreamEvent) => void | Promise<void>) | undefined;
  /** Hears when the call is written, which may be a while after it was to be sent. */
  onSent?: () => void;
  /** Hears the headers when they come, long before the answer's end: what they state is true now. */
  onHeaders: ((headers: WireHeaders, sentAt: number) => void) | undefined;
}

/** How one wire call ended. Every way out of it is one of these; nothing is thrown. */
export type ExchangeEnd = ExchangeFacts &
  (
    | { kind: 'answered'; answer: CanonicalAnswer }
    /** `unreached`: no connection could be made. */
    | { kind: 'failed'; failure: Failure; billed: 'nothing' | 'unknown' | Usage; unreached?: true }
    /** The caller went away, or what it listens with threw: `reason` says which. */
    | { kind: 'cancelled'; reason: unknown; billed: 'nothing' | 'unknown' }
  );

export interface ExchangeFacts {
  /** Epoch ms. */
  sentAt: number;
  /** `null`: no header came. */
  headers: WireHeaders | null;
  firstByteMs: number | null;
  firstTokenMs: number | null;
  /** Something of the answer was heard: another try would repeat it. */
  delivered: boolean;
  /** The text that came, complete or not. */
  text: string;
  /** The vendor was given up on for its silence. */
  timedOut: boolean;
}
