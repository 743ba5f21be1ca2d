import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CliError } from './cli-error.ts';

export interface Attachment {
  name: string;
  media_type: string;
  content: string;
  encoding: 'base64';
}

const maxBytes = 20 * 1_048_576;

/** The files of `--attach`, as the gateway takes them. */
export async function readAttachments(paths: readonly string[]): Promise<Attachment[]> {
  const files: Attachment[] = [];
  let total = 0;
  for (const path of paths) {
    const content = await readPath(path);
    total += content.byteLength;
    if (total > maxBytes) {
      throw new CliError('usage', {
        message: `The attachments exceed ${maxBytes / 1_048_576} MiB with ${path}.`,
        fix: 'Attach fewer or smaller files.',
      });
    }
    files.push({
      name: basename(path),
      media_type: isText(content) ? 'text/plain' : 'application/octet-stream',
      content: content.toString('base64'),
      encoding: 'base64',
    });
  }
  return files;
}

async function readPath(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CliError('usage', {
      message: `The attachment ${path} cannot be read.`,
      fix: 'Name an existing file that you may read.',
      cause,
    });
  }
}

function isText(content: Buffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(content).includes('\0');
  } catch {
    // Not UTF-8: the gateway keeps it as bytes.
    return false;
  }
}
