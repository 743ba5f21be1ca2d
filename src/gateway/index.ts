export { createGateway, type Gateway } from './create-gateway.ts';
export type {
  AccountListing,
  Authenticated,
  GatewayAuth,
  GatewayDeps,
  IssuedToken,
  KeyListing,
  ListPage,
  ListRequest,
  NewKey,
  NewUser,
  UserListing,
} from './gateway-deps.ts';
