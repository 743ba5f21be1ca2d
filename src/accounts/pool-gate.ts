/** What a pool asks of a call before any limit is looked at: that its provider works, and is not overrun. */
export interface PoolGate {
  /** What keeps a call out now; `null`: it may go on. */
  refusal(): GateRefusal | null;
  /** Calls that may still go in; `Infinity` where nothing bounds them. */
  room(): number;
  /** A call goes in; it leaves once, `used` where it was sent to an account. */
  enter(): GateTicket;
}

export interface GateRefusal {
  waitMs: number;
  /** It opens after `waitMs`; else when calls under way end. */
  exact: boolean;
  reason: 'breaker' | 'drained' | 'overrun';
}

export interface GateTicket {
  leave(used: boolean): void;
}
