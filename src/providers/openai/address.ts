import type { Address } from '../vendor.ts';

export const address: Address = {
  baseUrl: 'https://api.openai.com/v1',
  callPath: () => '/chat/completions',
  modelsPath: '/models',
};
