/** In whose shape a route speaks: OpenAI's under `/v1`, ours everywhere else. */
export type Surface = 'own' | 'openai';

export function surfaceOf(url: string): Surface {
  return /^\/v1(?:[/?#]|$)/.test(url) ? 'openai' : 'own';
}
