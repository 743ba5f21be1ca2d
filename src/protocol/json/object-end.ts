import { startBrackets, stepBrackets } from './bracket-depth.ts';

/** Follows one object through text that grows; every character is looked at once. */
export interface ObjectEnd {
  /** The exclusive end of the object that begins `text`, or `null` while it goes on. */
  find(text: string): number | null;
}

/**
 * An object ends where its brackets close, or, where they never do, before the next line that begins
 * an object of its own: a missing quote or brace would swallow all lines that follow.
 */
export function createObjectEnd(): ObjectEnd {
  const brackets = startBrackets();
  let at = 0;
  let lastSolid = '';
  let nextObject: number | null = null;

  /** Whether the line that begins at `nextObject` is an object: a quote follows its brace. */
  const confirmsNext = (character: string) => nextObject !== null && /["'“]/.test(character);
  // After one of these an object may stand at the start of a line of pretty-printed JSON.
  const mayBeNext = (text: string, character: string) =>
    character === '{' && text[at - 1] === '\n' && !/[[,:{]/.test(lastSolid);
  return {
    find(text) {
      for (; at < text.length; at += 1) {
        const character = text.charAt(at);
        if (stepBrackets(brackets, character)) return at + 1;
        if (/\s/.test(character)) continue;
        if (confirmsNext(character)) return nextObject;
        nextObject = mayBeNext(text, character) ? at : null;
        lastSolid = character;
      }
      return null;
    },
  };
}
