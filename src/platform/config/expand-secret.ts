/** What became of a secret as written: its value, or what is wrong with it and how to mend it. */
export type ExpandedSecret = { value: string } | { wrong: string; fix: string };

/** Replaces each `${NAME}` by that environment variable; neither the value nor the text is ever shown. */
export function expandSecret(
  written: string,
  lookUp: (name: string) => string | undefined,
): ExpandedSecret {
  const missing = new Set<string>();
  const value = written.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
    const found = lookUp(name)?.trim();
    if (!found) missing.add(name);
    return found ?? '';
  });
  const [name] = missing;
  if (name !== undefined) {
    return { wrong: `names ${name}, which is not set`, fix: `Set ${name} in the environment.` };
  }
  if (/\$\{/.test(written.replace(/\$\{[A-Za-z_]\w*\}/g, ''))) {
    return { wrong: 'has a "${" that names no variable', fix: 'Write "${NAME}".' };
  }
  return takeSecret(value);
}

/** A secret that stands for itself. */
export function takeSecret(value: string): ExpandedSecret {
  // A line break would end the header that carries the key, and start one of the attacker's own.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    return {
      wrong: 'holds a space or a character outside ASCII',
      fix: 'Copy the key again, without line breaks or quotes around it.',
    };
  }
  return { value };
}
