import { PassThrough } from 'node:stream';

/** A terminal before which somebody sits who knows what to answer. */
export interface Terminal {
  stdin: PassThrough & { isTTY?: boolean };
  stdout: PassThrough;
  stderr: PassThrough & { isTTY?: boolean };
  /** What was written on standard error so far, without escape sequences. */
  shown(): string;
  printed(): string;
}

/** `replies`: what to type when a question shows up, question by question; each is used once. */
export function openTerminal(replies: readonly { to: RegExp; type: string }[]): Terminal {
  const stdin: Terminal['stdin'] = new PassThrough();
  const stderr: Terminal['stderr'] = new PassThrough();
  const stdout = new PassThrough();
  stdin.isTTY = true;
  stderr.isTTY = true;
  const open = [...replies];
  let shown = '';
  let printed = '';
  let answeredTo = 0;
  stdout.on('data', (chunk) => {
    printed += String(chunk);
  });
  stderr.on('data', (chunk) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves a cursor begins with one
    shown += String(chunk).replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
    const [next] = open;
    const asked = next?.to.exec(shown.slice(answeredTo));
    if (!next || !asked) return;
    open.shift();
    answeredTo = shown.length;
    // The question is written before its answer is listened for.
    setImmediate(() => stdin.write(`${next.type}\n`));
  });
  return { stdin, stdout, stderr, shown: () => shown, printed: () => printed };
}
