import type { Contender } from './contender.ts';
import type { Send } from './offer-load.ts';
import { tokensPerCall } from './pool.ts';

/** A client that takes a refusal for what it says: it comes again after `Retry-After`, at the next address. */
export function sendChat({ targets }: Contender): Send {
  let turn = 0;
  return async ({ call }, signal) => {
    turn += 1;
    const target = targets[turn % targets.length];
    if (!target) throw new Error('There is nobody to call.');
    const response = await fetch(`${target.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${target.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: target.model,
        max_completion_tokens: tokensPerCall,
        messages: [{ role: 'user', content: `Say something about the number ${call}.` }],
      }),
      signal,
    });
    const text = await response.text();
    if (response.status >= 400 && response.status < 429) {
      throw new Error(`${target.url} answered ${response.status}: ${text.slice(0, 300)}`);
    }
    const after = Number(response.headers.get('retry-after') ?? 1);
    return { ok: response.ok, retryAfterMs: 1000 * (Number.isFinite(after) ? after : 1) };
  };
}
