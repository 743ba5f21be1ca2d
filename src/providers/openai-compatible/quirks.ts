import type { CanonicalRequest, OpenaiQuirks } from '../../protocol/index.ts';

export function quirksOf({ model, reasoning }: CanonicalRequest): OpenaiQuirks {
  return {
    maxTokensField: 'max_tokens',
    // "Avoid adding a system prompt" (DeepSeek-R1's model card).
    systemRole: /\br1\b/i.test(model) ? 'fold' : 'system',
    structuredOutput: 'schema',
    sampling: true,
    seed: true,
    userField: 'user',
    streamOnly: false,
    // There is no common way to switch reasoning off, and strict hosts reject fields they do not know.
    reasoning:
      reasoning === undefined || reasoning === 'off' ? {} : { reasoning_effort: reasoning },
  };
}
