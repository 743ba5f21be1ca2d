import type { Address } from '../vendor.ts';

export const address: Address = {
  // Every host has its own; it comes from the configuration.
  baseUrl: '',
  callPath: () => '/chat/completions',
  modelsPath: '/models',
};
