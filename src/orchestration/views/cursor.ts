import { z } from 'zod';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { PageRequest } from '../orchestration.ts';

/** Where a list goes on: behind this row, newest first. */
export interface Position {
  /** Microseconds since the epoch: a list by time must not lose a row that shares a millisecond. */
  at: string;
  id: string;
}

const shape = z.tuple([z.string().regex(/^\d{1,20}$/), z.string().max(100)]);
const defaultLimit = 50;
const mostItems = 200;

export function writeCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** The checked form of a page request. Throws `request_invalid`. */
export function readPage(page: PageRequest): { after: Position | null; limit: number } {
  const limit = page.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > mostItems) {
    throw new HeadraceError('request_invalid', {
      message: `limit is ${limit}; it is a whole number from 1 to ${mostItems}.`,
      where: 'limit',
    });
  }
  return { after: page.cursor === undefined ? null : readCursor(page.cursor), limit };
}

function readCursor(cursor: string): Position {
  try {
    const [at, id] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at, id };
  } catch (cause) {
    const message = 'cursor is none that this list gave out.';
    throw new HeadraceError('request_invalid', { message, where: 'cursor', cause });
  }
}
