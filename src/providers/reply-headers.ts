import type { WireHeaders } from './provider.ts';

export function readHeader(headers: WireHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

export function readNumberHeader(headers: WireHeaders, name: string): number | null {
  const text = readHeader(headers, name)?.trim();
  if (text === undefined || text === '') return null;
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

/**
 * Milliseconds that the reply asks to wait: `retry-after-ms`, or `retry-after` in seconds or as an
 * HTTP date (RFC 9110 §10.2.3).
 */
export function readRetryAfter(headers: WireHeaders, nowMs: number): number | null {
  const milliseconds = readNumberHeader(headers, 'retry-after-ms');
  if (milliseconds !== null) return Math.ceil(milliseconds);
  const seconds = readNumberHeader(headers, 'retry-after');
  if (seconds !== null) return Math.ceil(seconds * 1000);
  const date = Date.parse(readHeader(headers, 'retry-after') ?? '');
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
