import type { ModelInfo } from '../../dispatch/index.ts';
import { writeOpenaiModel } from '../../protocol/index.ts';

/** When a model was made is the vendor's to know; OpenAI's clients only need the field. */
const created = 0;

/** OpenAI's model object, and beside it what the catalogue knows: windows, prices, whether it is simulated. */
export function describeModel(info: ModelInfo) {
  return {
    ...writeOpenaiModel({ id: info.id, ownedBy: info.provider, created }),
    headrace: {
      simulated: info.simulated,
      context_tokens: info.contextTokens,
      max_output_tokens: info.maxOutputTokens,
      input_usd_per_million: info.inputUsdPerMillion,
      output_usd_per_million: info.outputUsdPerMillion,
    },
  };
}
