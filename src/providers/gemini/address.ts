import type { Address } from '../vendor.ts';

export const address: Address = {
  baseUrl: 'https://generativelanguage.googleapis.com',
  callPath(model, stream) {
    const name = encodeURIComponent(model.replace(/^models\//, ''));
    const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
    return `/v1beta/models/${name}:${verb}`;
  },
  modelsPath: '/v1beta/models',
};
