import type { IncomingHttpHeaders } from 'node:http';

export type Role = 'admin' | 'member';

/** Who calls, as proved by a key or a token. */
export interface Principal {
  tenantId: string;
  /** `null` for a key, which belongs to a tenant and not to a person. */
  userId: string | null;
  keyId: string | null;
  role: Role;
  name: string;
  /** How it was proved. */
  method: 'key' | 'token';
}

/** On whose behalf something is administered. */
export type Administrator = Pick<Principal, 'tenantId' | 'role'>;

export interface Login {
  name: string;
  password: string;
}

export interface IssuedToken {
  /** A JWT (RFC 7519). */
  token: string;
  /** Seconds. */
  expiresIn: number;
}

export interface NewUser extends Login {
  role: Role;
}

export interface NewKey {
  name: string;
  role: Role;
}

export interface PageRequest {
  /** The `next_cursor` of the page before. */
  cursor?: string | undefined;
  /** 1 to 200; 50 where omitted. */
  limit?: number | undefined;
}

export interface Page<T> {
  /** Newest first. */
  items: T[];
  /** `null`: there is no more. */
  next_cursor: string | null;
}

/** Times are ISO 8601. */
export interface UserListing {
  id: string;
  name: string;
  role: Role;
  created_at: string;
  disabled_at: string | null;
}

export interface KeyListing {
  id: string;
  name: string;
  /** The beginning of the key, by which a person recognises it. */
  prefix: string;
  role: Role;
  created_at: string;
  /** To the minute. */
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface AdminKeyInput {
  /** HEADRACE_ADMIN_KEY, or `null`. */
  fromEnv: string | null;
  /** The file that keeps a key made here. */
  writeTo: string;
}

export interface AdminKey {
  /** A key with the role admin that this process accepts. */
  key: string;
  /** The file that holds it, or `null`. */
  path: string | null;
  /** Whether it was made and written just now: a person should be told where. */
  created: boolean;
}

/** Tenants' users and keys, and who is behind a request. Administration throws `forbidden` for a member. */
export interface Auth {
  /**
   * Reads `Authorization: Bearer`, `x-api-key` or `x-goog-api-key`. Throws `unauthenticated`.
   * What was revoked or disabled in another process is refused after 5 s at the latest.
   */
  authenticate(headers: IncomingHttpHeaders): Promise<Principal>;
  /** Throws `unauthenticated` for an unknown name, a wrong password and a disabled user alike. */
  issueToken(login: Login): Promise<IssuedToken>;
  /** Throws `conflict` for a name that is taken. */
  addUser(admin: Administrator, user: NewUser): Promise<UserListing>;
  listUsers(admin: Administrator, page: PageRequest): Promise<Page<UserListing>>;
  /** Throws `not_found`; a user who is disabled stays so. */
  disableUser(admin: Administrator, userId: string): Promise<void>;
  /** Gives the key itself, this once. */
  createKey(admin: Administrator, key: NewKey): Promise<KeyListing & { key: string }>;
  listKeys(admin: Administrator, page: PageRequest): Promise<Page<KeyListing>>;
  /** Throws `not_found`; a key that is revoked stays so. */
  revokeKey(admin: Administrator, keyId: string): Promise<void>;
  /** Sees to it that there is a way in. */
  ensureAdminKey(input: AdminKeyInput): Promise<AdminKey>;
}
