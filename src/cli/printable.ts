import stringWidth from 'string-width';

const unsafe = /[[\p{Cc}\u202a-\u202e\u2066-\u2069]--[\n\t]]/gv;

/** A model's or a person's text without escape sequences: it must not drive the reader's terminal. */
export function printable(text: string): string {
  return text.replace(unsafe, '');
}

/** Every string of a document made printable. */
export function printableDeep<T>(document: T): T {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === 'string' ? printable(value) : value,
  ) as T;
}

/** One line of exactly `width` columns; wide characters (CJK, emoji) count two. */
export function fitLine(text: string, width: number): string {
  const line = printable(text).replace(/\s+/gu, ' ');
  if (stringWidth(line) <= width) return padLine(line, width);
  let cut = '';
  for (const { segment } of graphemes.segment(line)) {
    if (stringWidth(cut + segment) >= width) break;
    cut += segment;
  }
  return padLine(`${cut}…`, width);
}

const graphemes = new Intl.Segmenter();

/** `String.padEnd` in columns of a terminal. */
export function padLine(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** `1,234` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 account`, `2 accounts`. */
export function countThings(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** `2026-11-21 15:12`, UTC, of an ISO time; any other text as it is. */
export function formatTime(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? text.slice(0, 16).replace('T', ' ') : text;
}

/** `$0.0123`; `no price` where the model has none. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return 'no price known';
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
