/** How long a call may take in each of its phases, ms. Connecting has a bound of its own in the transport. */
export interface TimeOuts {
  /** From sending to the first text or reasoning of a stream. */
  firstTokenMs: number;
  /** Between two chunks of a stream. */
  idleMs: number;
  /** From sending to the end of a reply that is not streamed: vendors close such calls after ten minutes. */
  replyMs: number;
}

/** A thinking model may be silent for minutes before its first token. */
export function timeOutsFor(model: { thinking: boolean }): TimeOuts {
  return {
    firstTokenMs: model.thinking ? 300_000 : 90_000,
    idleMs: 90_000,
    replyMs: 600_000,
  };
}
