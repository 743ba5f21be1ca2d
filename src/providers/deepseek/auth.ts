export function authenticate(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}
