/** What every token of ours says, and every verification demands. */
export const tokenClaims = {
  algorithm: 'HS256',
  /** RFC 9068: an access token, so that no other kind signed by this key could pass for one. */
  type: 'at+jwt',
  issuer: 'headrace',
  audience: 'headrace-api',
} as const;
