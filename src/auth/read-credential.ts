import type { IncomingHttpHeaders } from 'node:http';

/** A JWT of ours has some 300 characters; nothing longer need be hashed. */
const longest = 4_096;

/** The key or token that a request carries, wherever the vendors' clients put theirs. */
export function readCredential(headers: IncomingHttpHeaders): string | undefined {
  const credential =
    bearer(headers.authorization) ??
    single(headers['x-api-key']) ??
    single(headers['x-goog-api-key']);
  return credential && credential.length <= longest ? credential : undefined;
}

function bearer(value: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(value ?? '')?.[1];
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.trim() : undefined;
}
