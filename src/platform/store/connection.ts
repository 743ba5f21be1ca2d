import { type ClientConfig, TypeOverrides } from 'pg';

const int8 = 20;
const numeric = 1700;

/** How every connection to the store is made. `url` may name a Unix socket's directory by `?host=`. */
export function connectionConfig(url: string): ClientConfig {
  const types = new TypeOverrides();
  // As text they would compare and add wrongly; every int8 and numeric of ours fits 2^53.
  types.setTypeParser(int8, Number);
  types.setTypeParser(numeric, Number);
  return {
    connectionString: url,
    types,
    application_name: 'headrace',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}
