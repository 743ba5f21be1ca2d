import { z } from 'zod';
import type { AttachedFile } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** Bytes of all files of a project together, decoded. */
export const maxFileBytes = 20 << 20;

export const fileInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\p{C}]+$/u, 'expected a name without control characters'),
  media_type: z
    .string()
    .max(127)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type such as text/plain')
    .optional(),
  content: z
    .string()
    .describe('Models see what is UTF-8 text; of other files the name, type and size.'),
  encoding: z.enum(['utf8', 'base64']).default('utf8').describe('How content is written.'),
});

/** Throws `request_invalid` for content that is not the encoding it claims, `body_too_large` above 20 MiB. */
export function readFiles(files: readonly z.infer<typeof fileInput>[]): AttachedFile[] {
  let total = 0;
  return files.map((file, index) => {
    const content = decode(file, `body.files.${index}.content`);
    total += content.length;
    if (total > maxFileBytes) {
      throw new HeadraceError('body_too_large', {
        message: 'The files are larger than 20 MiB together.',
        where: 'body.files',
      });
    }
    const fallback = file.encoding === 'utf8' ? 'text/plain' : 'application/octet-stream';
    return { name: file.name, mediaType: file.media_type ?? fallback, content };
  });
}

function decode({ content, encoding }: z.infer<typeof fileInput>, where: string): Buffer {
  if (encoding === 'utf8') return Buffer.from(content, 'utf8');
  const decoded = Buffer.from(content, 'base64');
  // Buffer skips what is not base64 without a word, and a file would be cut in silence.
  if (decoded.toString('base64').replace(/=+$/, '') !== content.replace(/=+$/, '')) {
    throw new HeadraceError('request_invalid', {
      message: 'This is not base64 (RFC 4648).',
      where,
    });
  }
  return decoded;
}
