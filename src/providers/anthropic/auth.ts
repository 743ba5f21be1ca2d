export function authenticate(secret: string): Record<string, string> {
  return { 'x-api-key': secret, 'anthropic-version': '2023-06-01' };
}
