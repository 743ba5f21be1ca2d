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

/** One line of at most `width` columns; wide (CJK) characters count two. */
export function fitLine(text: string, width: number): string {
  const line = printable(text).replace(/\s+/gu, ' ');
  let used = 0;
  let cut = '';
  for (const character of line) {
    const columns = isWide(character) ? 2 : 1;
    if (used + columns > width) return `${dropLast(cut)}…`;
    cut += character;
    used += columns;
  }
  return cut + ' '.repeat(width - used);
}

function dropLast(text: string): string {
  return [...text].slice(0, -1).join('');
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
    character,
  );
}

/** `1,234` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 account`, `2 accounts`. */
export function countThings(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
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
