import { z } from 'zod';

/** Whether `value` is an instance; a schema that cannot be read fits nothing. */
export function fitsSchema(schema: unknown, value: unknown): boolean {
  try {
    if (typeof schema !== 'object' || schema === null) return false;
    return z.fromJSONSchema({ ...schema }).safeParse(value).success;
  } catch {
    return false;
  }
}
