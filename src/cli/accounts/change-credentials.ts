import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { formatTime } from '../printable.ts';
import { createScreen } from '../screen.ts';
import { accountDocument, accountPath } from './account-document.ts';
import { askSecret } from './ask-secret.ts';

export interface CredentialOptions extends GlobalOptions {
  secretEnv?: string;
}

export interface NewCredentialOptions extends CredentialOptions {
  kind?: string;
  project?: string;
}

/** `accounts credentials add`: a further key, which shares the account's limits or asks for them. */
export function addCredential(
  deps: CliDeps,
  { account, id }: { account: string; id: string },
  options: NewCredentialOptions,
): Promise<number> {
  const path = accountPath(account, '/credentials');
  const { kind, project } = options;
  return putCredential(deps, { path, id, more: { kind, project } }, options);
}

/** `accounts credentials rotate`: a new key in the place of an old one, which stays for the overlap. */
export function rotateCredential(
  deps: CliDeps,
  { account, old, id }: { account: string; old: string; id: string },
  options: CredentialOptions & { overlap?: number },
): Promise<number> {
  const path = accountPath(account, `/credentials/${encodeURIComponent(old)}/rotate`);
  const { overlap } = options;
  const more = overlap === undefined ? {} : { overlap_seconds: Math.round(overlap / 1000) };
  return putCredential(deps, { path, id, more }, options);
}

async function putCredential(
  deps: CliDeps,
  { path, id, more }: { path: string; id: string; more: object },
  options: CredentialOptions,
): Promise<number> {
  const question = `New key ${id} (not shown): `;
  const secret = await askSecret(deps, { question, variable: options.secretEnv });
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const account = await client.request({
      method: 'POST',
      path,
      idempotencyKey: randomUUID(),
      body: { id, secret, ...more },
      schema: accountDocument,
    });
    const keys = account.credentials.map((key) =>
      key.retires_at ? `${key.id} (until ${formatTime(key.retires_at)} UTC)` : key.id,
    );
    screen.print(
      options.json
        ? JSON.stringify(account, null, 2)
        : `account ${account.id} has the keys ${keys.join(', ')}`,
    );
    return exitCodes.passed;
  });
}

/** `accounts credentials revoke`: at once. */
export function revokeCredential(
  deps: CliDeps,
  { account, id }: { account: string; id: string },
  options: GlobalOptions,
): Promise<number> {
  return withClient(deps, options, async (client) => {
    const path = accountPath(account, `/credentials/${encodeURIComponent(id)}`);
    await client.request({ method: 'DELETE', path, schema: z.unknown() });
    createScreen(deps, { json: options.json === true }).note(
      `key ${id} of account ${account} is revoked`,
    );
    return exitCodes.passed;
  });
}
