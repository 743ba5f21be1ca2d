import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Page, PageRequest } from './auth.ts';

/** Ids sort by the time of their making, so a page begins below the id at which the one before ended. */
export interface PageQuery {
  below: string | null;
  /** One more than is shown, to know whether there is more. */
  rows: number;
}

const defaultLimit = 50;
const maxLimit = 200;

export function readPage({ cursor, limit = defaultLimit }: PageRequest): PageQuery {
  const below = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('utf8');
  if (below !== null && !/^[a-z]{3}_\w+$/.test(below)) {
    throw new HeadraceError('request_invalid', {
      message: 'The cursor is none of ours.',
      where: 'cursor',
    });
  }
  return { below, rows: Math.min(Math.max(1, limit), maxLimit) + 1 };
}

export function writePage<T extends { id: string }>(found: T[], { rows }: PageQuery): Page<T> {
  const items = found.slice(0, rows - 1);
  const last = items.at(-1);
  const more = found.length === rows && last !== undefined;
  return { items, next_cursor: more ? Buffer.from(last.id).toString('base64url') : null };
}
