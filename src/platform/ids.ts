import { v7 } from 'uuid';

export type IdPrefix =
  | 'prj'
  | 'run'
  | 'tsk'
  | 'att'
  | 'usr'
  | 'key'
  | 'req'
  | 'wrk'
  | 'pay'
  | 'rsv';

/** A prefixed UUIDv7 (RFC 9562): ids of one kind sort by the time of their making. */
export function createId(prefix: IdPrefix): string {
  return `${prefix}_${v7().replaceAll('-', '')}`;
}

/** A W3C trace id: 16 random bytes in hex (https://www.w3.org/TR/trace-context/). */
export function createTraceId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}
