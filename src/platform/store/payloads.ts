import { createHash } from 'node:crypto';
import { HeadraceError } from '../errors/headrace-error.ts';
import { createId } from '../ids.ts';
import type { Tx } from './store.ts';

/** Longer text goes to `payloads`, off the rows that lists read. */
export const inlineLimitBytes = 65_536;

export interface Payload {
  mediaType: string;
  content: Buffer;
}

export interface NewPayload {
  mediaType: string;
  /** Text is stored as UTF-8. */
  content: Buffer | string;
}

/** Stores content of any length for a tenant and gives its id. */
export async function savePayload(tx: Tx, tenantId: string, payload: NewPayload): Promise<string> {
  const content =
    typeof payload.content === 'string' ? Buffer.from(payload.content, 'utf8') : payload.content;
  const id = createId('pay');
  await tx.query(
    `INSERT INTO payloads (id, tenant_id, media_type, bytes, sha256, content)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, tenantId, payload.mediaType, content.length, sha256(content), content],
  );
  return id;
}

/** Reads stored content back; `not_found` where there is none or it is another tenant's. */
export async function readPayload(tx: Tx, id: string): Promise<Payload> {
  const [row] = await tx.query<{ media_type: string; content: Buffer }>(
    'SELECT media_type, content FROM payloads WHERE id = $1',
    [id],
  );
  if (row === undefined) throw new HeadraceError('not_found', { where: id });
  return { mediaType: row.media_type, content: row.content };
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
