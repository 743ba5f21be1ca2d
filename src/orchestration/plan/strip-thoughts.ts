/** Takes a model's thoughts out of its lines. */
export interface ThoughtStripper {
  /** What of a line is not thinking. `forget`: what came before was thinking after all. */
  strip(line: string): { text: string; found: boolean; forget: boolean };
  /** What looked like thinking to the very end: the closing tag may have been lost. */
  unclosed(): string;
}

export function createThoughtStripper(): ThoughtStripper {
  let thinking = false;
  let thoughts = '';
  return {
    strip(line) {
      let text = line.replace(/<think>[\s\S]*?<\/think>/gi, '');
      const close = text.toLowerCase().lastIndexOf('</think>');
      // Some hosts lose the opening tag: everything before the closing one was thinking (sglang#6441).
      const forget = close >= 0;
      if (forget) {
        text = text.slice(close + '</think>'.length);
        thinking = false;
        thoughts = '';
      } else if (thinking) {
        thoughts += `${line}\n`;
        return { text: '', found: true, forget };
      }
      const open = text.toLowerCase().indexOf('<think>');
      if (open >= 0) {
        thinking = true;
        thoughts = `${text.slice(open + '<think>'.length)}\n`;
        text = text.slice(0, open);
      }
      return { text, found: text !== line, forget };
    },
    unclosed: () => (thinking ? thoughts : ''),
  };
}
