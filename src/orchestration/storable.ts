/**
 * Text that PostgreSQL takes: no NUL, and no half of a surrogate pair, which JSON would write as an escape
 * that `jsonb` refuses. Models write both, and cutting a string in the middle of an emoji makes the latter.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** The same for every string of a JSON value, keys included. */
export function storable<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), clean(inner)]),
  );
}

/** At most `most` UTF-16 units of a text, and a mark where something is missing. */
export function cutText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`.toWellFormed();
}
