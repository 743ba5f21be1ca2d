import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** Bytes of a brief in UTF-8. */
const maxBriefBytes = 1 << 20;

/** Throws `brief_empty` and `brief_too_large`. */
export function checkBrief(brief: string, where: string): void {
  if (brief.trim() === '') throw new HeadraceError('brief_empty', { where });
  const bytes = Buffer.byteLength(brief);
  if (bytes > maxBriefBytes) {
    throw new HeadraceError('brief_too_large', {
      message: `The brief has ${bytes} bytes; ${maxBriefBytes} (1 MiB) are read.`,
      where,
    });
  }
}
