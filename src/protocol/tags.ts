/**
 * A section of a prompt. What stands between the tags is untrusted: a literal closing tag of the same
 * name in it gets a zero-width space after `</`, so that the section cannot be left from inside.
 */
export function writeTag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  text: string,
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`)
    .join('');
  return `<${name}${written}>\n${escapeClosingTag(name, text)}\n</${name}>`;
}

/** Models read `</ BRIEF >` as the end of a brief as well. */
function escapeClosingTag(name: string, text: string): string {
  return text.replace(new RegExp(`</(?=\\s*${name}\\s*>)`, 'gi'), '</\u200b');
}

function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s+/g, ' ');
}
