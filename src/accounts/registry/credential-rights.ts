import type { AdminRights } from '../../platform/config/config.ts';

/** The columns of a key that say what it is for. */
export function rightsColumns(
  admin: AdminRights | undefined,
): [kind: string, project: string | null] {
  return admin ? ['admin', admin.project] : ['call', null];
}
