/** The key names organisation and project by itself; the headers for them are for old user keys. */
export function authenticate(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}
