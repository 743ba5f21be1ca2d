const escapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4}|[\s\S]|$)/g;
const valid = /^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})$/;
const validButUnmeant = /\\(?:[\\"/nrtu]|[bf](?![A-Za-z])|([bf]))/g;

/**
 * Doubles the backslashes that begin no JSON escape, as in LaTeX written by a model (`\upcite`, `\d`).
 * Where there is such a one, `\b` and `\f` before a letter are LaTeX as well (`\beta`, `\frac`):
 * no model means a backspace or a form feed. Returns the text itself where nothing is wrong.
 */
export function fixEscapes(text: string): string {
  const fixed = text.replace(escapes, (found) => (valid.test(found) ? found : `\\${found}`));
  if (fixed === text) return text;
  return fixed.replace(validButUnmeant, (found, unmeant) =>
    unmeant === undefined ? found : `\\${found}`,
  );
}
