/** One spelling of a name: "é" typed on one keyboard is two characters on another. */
export function normalizeName(name: string): string {
  // PostgreSQL refuses a zero in text; as a name nobody has, it is simply not found.
  return name.normalize('NFC').replaceAll('\0', '\uFFFD').trim();
}
