import type { Address } from '../vendor.ts';

export const address: Address = {
  baseUrl: 'https://api.deepseek.com',
  callPath: () => '/chat/completions',
  modelsPath: '/models',
};
