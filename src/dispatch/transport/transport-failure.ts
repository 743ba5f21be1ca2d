/** A call that got no complete reply. `cause` carries Node's or undici's own error with its code. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  /** Whether bytes of the request can have reached the vendor: what was sent may be billed. */
  readonly sent: boolean;

  constructor(sent: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : 'The connection failed.', { cause });
    this.sent = sent;
  }
}

// The connection was never made: nothing of the request left this machine.
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function wasSent(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && beforeSending.has(at.code)) return false;
    // Several addresses were tried, each with its own reason.
    if (at instanceof AggregateError && at.errors.length > 0) return at.errors.some(wasSent);
  }
  return true;
}
