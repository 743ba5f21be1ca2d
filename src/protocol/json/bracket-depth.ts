/** How deep a position of JSON text lies in its brackets; brackets inside strings do not count. */
export interface BracketDepth {
  depth: number;
  inString: boolean;
  escaped: boolean;
}

export function startBrackets(): BracketDepth {
  return { depth: 0, inString: false, escaped: false };
}

/** Takes one character; true where it closed the outermost bracket. */
export function stepBrackets(state: BracketDepth, character: string): boolean {
  if (state.inString) {
    stepString(state, character);
    return false;
  }
  if (character === '"') state.inString = true;
  else if (character === '{' || character === '[') state.depth += 1;
  else if (character === '}' || character === ']') {
    state.depth -= 1;
    return state.depth === 0;
  }
  return false;
}

function stepString(state: BracketDepth, character: string): void {
  if (state.escaped) state.escaped = false;
  else if (character === '\\') state.escaped = true;
  else if (character === '"') state.inString = false;
}
