import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Administrator } from './auth.ts';

/** Throws `forbidden` for a member: whoever calls may give and take rights only from above them. */
export function requireAdmin(admin: Administrator): void {
  if (admin.role !== 'admin') throw new HeadraceError('forbidden');
}
