import type { Address } from '../vendor.ts';

export const address: Address = {
  baseUrl: 'https://api.anthropic.com',
  callPath: () => '/v1/messages',
  modelsPath: '/v1/models',
};
