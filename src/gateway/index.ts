export { createGateway } from './create-gateway.ts';
export type { AccountListing } from './gateway-deps.ts';
