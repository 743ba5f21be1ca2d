/** A section of a prompt. A literal closing tag inside it is broken up, so that material cannot end its section. */
export function writeTag(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content: string,
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${String(value).replace(/\s+/g, ' ').replaceAll('"', '&quot;')}"`,
    )
    .join('');
  const safe = content.replace(new RegExp(`</(?=${name}\\s*>)`, 'gi'), '</\u200b');
  return `<${name}${written}>\n${safe}\n</${name}>`;
}
