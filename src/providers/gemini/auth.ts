/** In a header, never as `?key=`: addresses end up in logs. */
export function authenticate(secret: string): Record<string, string> {
  return { 'x-goog-api-key': secret };
}
