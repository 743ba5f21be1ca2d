import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { address as anthropicAddress } from './anthropic/address.ts';
import { authenticate as anthropicAuth } from './anthropic/auth.ts';
import { readFailure as anthropicFailures } from './anthropic/failures.ts';
import { limits as anthropicLimits } from './anthropic/limits.ts';
import { quirksOf as anthropicQuirks } from './anthropic/quirks.ts';
import { quotas as anthropicQuotas } from './anthropic/quotas.ts';
import { createProvider } from './create-provider.ts';
import { address as deepseekAddress } from './deepseek/address.ts';
import { authenticate as deepseekAuth } from './deepseek/auth.ts';
import { readFailure as deepseekFailures } from './deepseek/failures.ts';
import { limits as deepseekLimits } from './deepseek/limits.ts';
import { quirksOf as deepseekQuirks } from './deepseek/quirks.ts';
import { quotas as deepseekQuotas } from './deepseek/quotas.ts';
import { address as geminiAddress } from './gemini/address.ts';
import { authenticate as geminiAuth } from './gemini/auth.ts';
import { readFailure as geminiFailures } from './gemini/failures.ts';
import { limits as geminiLimits } from './gemini/limits.ts';
import { quirksOf as geminiQuirks } from './gemini/quirks.ts';
import { quotas as geminiQuotas } from './gemini/quotas.ts';
import { catalogue } from './models/catalogue.ts';
import { address as openaiAddress } from './openai/address.ts';
import { authenticate as openaiAuth } from './openai/auth.ts';
import { readFailure as openaiFailures } from './openai/failures.ts';
import { limits as openaiLimits } from './openai/limits.ts';
import { quirksOf as openaiQuirks } from './openai/quirks.ts';
import { quotas as openaiQuotas } from './openai/quotas.ts';
import { address as compatibleAddress } from './openai-compatible/address.ts';
import { authenticate as compatibleAuth } from './openai-compatible/auth.ts';
import { readFailure as compatibleFailures } from './openai-compatible/failures.ts';
import { limits as compatibleLimits } from './openai-compatible/limits.ts';
import { quirksOf as compatibleQuirks } from './openai-compatible/quirks.ts';
import { quotas as compatibleQuotas } from './openai-compatible/quotas.ts';
import type { Provider } from './provider.ts';
import { address as qwenAddress } from './qwen/address.ts';
import { authenticate as qwenAuth } from './qwen/auth.ts';
import { readFailure as qwenFailures } from './qwen/failures.ts';
import { limits as qwenLimits } from './qwen/limits.ts';
import { quirksOf as qwenQuirks } from './qwen/quirks.ts';
import { quotas as qwenQuotas } from './qwen/quotas.ts';
import {
  anthropicFormat,
  geminiFormat,
  openaiFormat,
  openaiFormatWithThinkTags,
} from './wire-formats.ts';

const vendors = new Map<string, Provider>(
  Object.entries({
    openai: createProvider(
      {
        id: 'openai',
        address: openaiAddress,
        authenticate: openaiAuth,
        limits: openaiLimits,
        readFailure: openaiFailures,
        quirksOf: openaiQuirks,
        quotas: openaiQuotas,
        models: catalogue.get('openai') ?? [],
      },
      openaiFormat,
    ),
    anthropic: createProvider(
      {
        id: 'anthropic',
        address: anthropicAddress,
        authenticate: anthropicAuth,
        limits: anthropicLimits,
        readFailure: anthropicFailures,
        quirksOf: anthropicQuirks,
        quotas: anthropicQuotas,
        models: catalogue.get('anthropic') ?? [],
      },
      anthropicFormat,
    ),
    gemini: createProvider(
      {
        id: 'gemini',
        address: geminiAddress,
        authenticate: geminiAuth,
        limits: geminiLimits,
        readFailure: geminiFailures,
        quirksOf: geminiQuirks,
        quotas: geminiQuotas,
        models: catalogue.get('gemini') ?? [],
      },
      geminiFormat,
    ),
    deepseek: createProvider(
      {
        id: 'deepseek',
        address: deepseekAddress,
        authenticate: deepseekAuth,
        limits: deepseekLimits,
        readFailure: deepseekFailures,
        quirksOf: deepseekQuirks,
        quotas: deepseekQuotas,
        models: catalogue.get('deepseek') ?? [],
      },
      openaiFormat,
    ),
    qwen: createProvider(
      {
        id: 'qwen',
        address: qwenAddress,
        authenticate: qwenAuth,
        limits: qwenLimits,
        readFailure: qwenFailures,
        quirksOf: qwenQuirks,
        quotas: qwenQuotas,
        models: catalogue.get('qwen') ?? [],
      },
      openaiFormat,
    ),
  }),
);

/** The vendors that are known by name. */
export const vendorIds: readonly string[] = [...vendors.keys()];

/** A host of one's own that speaks OpenAI's format (vLLM, Ollama, llama.cpp, …). */
export interface CompatibleHost {
  id: string;
  /** Up to and with its version: `http://10.0.0.7:8000/v1`. */
  baseUrl: string;
}

/** A vendor by name, or a host by its configuration; throws `config_invalid` for any other name. */
export function findProvider(provider: string | CompatibleHost): Provider {
  if (typeof provider !== 'string') return createCompatible(provider);
  const vendor = vendors.get(provider);
  if (vendor !== undefined) return vendor;
  throw new HeadraceError('config_invalid', {
    message: `"${provider}" is not a provider.`,
    where: 'provider',
    fix: `Use one of ${vendorIds.join(', ')}, or declare it under providers: with its base_url.`,
  });
}

function createCompatible({ id, baseUrl }: CompatibleHost): Provider {
  return createProvider(
    {
      id,
      address: { ...compatibleAddress, baseUrl },
      authenticate: compatibleAuth,
      limits: compatibleLimits,
      readFailure: compatibleFailures,
      quirksOf: compatibleQuirks,
      quotas: compatibleQuotas,
      models: [],
    },
    openaiFormatWithThinkTags,
  );
}
