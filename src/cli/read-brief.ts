import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { HeadraceError } from '../platform/errors/headrace-error.ts';

const maxBytes = 1_048_576;

/** The brief from a file, or from standard input for `-`. Throws `brief_empty`, `brief_too_large`, `brief_not_text`. */
export async function readBrief(source: string, stdin: Readable): Promise<string> {
  const where = source === '-' ? 'standard input' : source;
  const bytes = source === '-' ? await readStream(stdin) : await readPath(source);
  if (bytes.byteLength > maxBytes) {
    throw new HeadraceError('brief_too_large', {
      message: `The brief has ${bytes.byteLength} bytes; 1 MiB (${maxBytes}) is the limit.`,
      where,
    });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HeadraceError('brief_not_text', { where, cause });
  }
  if (text.includes('\0')) {
    throw new HeadraceError('brief_not_text', {
      message: 'The brief is binary: it holds a zero byte.',
      where,
    });
  }
  if (text.trim() === '') throw new HeadraceError('brief_empty', { where });
  return text;
}

async function readPath(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    const message =
      code === 'ENOENT'
        ? `There is no file ${path}.`
        : code === 'EISDIR'
          ? `${path} is a folder, not a brief.`
          : `${path} cannot be read.`;
    throw new HeadraceError('request_invalid', {
      message,
      fix: 'Name a UTF-8 text file, or - for standard input.',
      cause,
    });
  }
}

async function readStream(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    chunks.push(bytes);
    // One byte too many is enough to know; an endless pipe must not fill the memory.
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
