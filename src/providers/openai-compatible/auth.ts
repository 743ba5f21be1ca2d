/** A local vLLM or Ollama wants no key. */
export function authenticate(secret: string): Record<string, string> {
  return secret === '' ? {} : { authorization: `Bearer ${secret}` };
}
