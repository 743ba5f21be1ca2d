import type { Address } from '../vendor.ts';

export const address: Address = {
  // Keys belong to a region; accounts elsewhere (or with a workspace address) name their base_url.
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  callPath: () => '/chat/completions',
  modelsPath: '/models',
};
