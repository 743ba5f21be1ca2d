import type { TimeOuts } from '../platform/config/config.ts';

/**
 * A vendor that lives answers a streamed call with headers at once, whatever the model thinks about
 * before its first token; one that sends nothing at all hangs. The first token of a thinking model may
 * take minutes. Vendors close calls that are not streamed after ten.
 */
export function timeOutsFor(
  model: { thinking: boolean },
  configured: Partial<TimeOuts> = {},
): TimeOuts {
  return {
    firstByteMs: 60_000,
    firstTokenMs: model.thinking ? 180_000 : 90_000,
    idleMs: 90_000,
    replyMs: 600_000,
    ...configured,
  };
}
