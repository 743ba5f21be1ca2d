export type {
  Administrator,
  AdminKey,
  AdminKeyInput,
  Auth,
  IssuedToken,
  KeyListing,
  Login,
  NewKey,
  NewUser,
  Page,
  PageRequest,
  Principal,
  Role,
  UserListing,
} from './auth.ts';
export { type AuthDeps, createAuth } from './create-auth.ts';
