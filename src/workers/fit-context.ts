import type { TaskContext } from '../queue/index.ts';
import { cutByStructure } from './cut-by-structure.ts';
import { cutText } from './cut-text.ts';
import { shareOut } from './share-out.ts';

/** What the tags and attributes around one part take at most, in bytes. */
const tagBytes = 256;

interface Part {
  text: string;
  /** How many shares it gets of what is scarce. */
  weight: number;
  /** Of an input, which part is used. */
  uses?: string;
  put(text: string): void;
}

/**
 * The context with its long texts cut so that all of them fit into `bytes`: the brief and the outputs
 * that the task depends on count twice as much as attached files. Short texts stay whole; of a long
 * output the parts stay that the task said it uses.
 */
export function fitContext(context: TaskContext, bytes: number): TaskContext {
  const fitted: TaskContext = {
    ...context,
    files: context.files.map((file) => ({ ...file })),
    inputs: context.inputs.map((input) => ({ ...input })),
  };
  const parts = partsOf(fitted);
  const room = bytes - parts.length * tagBytes - clarificationBytes(context);
  // A part of weight 2 takes two equal shares, each of half its size.
  const units = parts.flatMap((part, index) =>
    Array.from({ length: part.weight }, () => ({
      index,
      size: Math.ceil(Buffer.byteLength(part.text) / part.weight),
    })),
  );
  const shares = shareOut(
    units.map((unit) => unit.size),
    room,
  );
  const allowed = parts.map(() => 0);
  units.forEach((unit, position) => {
    allowed[unit.index] = (allowed[unit.index] ?? 0) + (shares[position] ?? 0);
  });
  for (const [index, part] of parts.entries()) part.put(cutPart(part, allowed[index] ?? 0));
  return fitted;
}

function cutPart({ text, uses }: Part, limitBytes: number): string {
  return uses === undefined
    ? cutText(text, limitBytes)
    : cutByStructure(text, { uses, limitBytes });
}

function partsOf(context: TaskContext): Part[] {
  const parts: Part[] = [
    { text: context.brief, weight: 2, put: (text) => assign(context, 'brief', text) },
  ];
  if (context.superseded !== null) {
    parts.push({
      text: context.superseded,
      weight: 2,
      put: (text) => assign(context, 'superseded', text),
    });
  }
  for (const input of context.inputs) {
    const { output } = input;
    if (output !== null) {
      parts.push({
        ...{ text: output, weight: 2, uses: input.uses },
        put: (text) => assign(input, 'output', text),
      });
    }
  }
  for (const file of context.files) {
    if (file.text !== null) {
      parts.push({ text: file.text, weight: 1, put: (text) => assign(file, 'text', text) });
    }
  }
  return parts;
}

function assign<T, K extends keyof T>(target: T, key: K, value: T[K]): void {
  target[key] = value;
}

function clarificationBytes(context: TaskContext): number {
  return context.clarifications.reduce(
    (sum, { question, answer }) =>
      sum + Buffer.byteLength(question) + Buffer.byteLength(answer) + 16,
    0,
  );
}
