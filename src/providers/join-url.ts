/**
 * An account's base address with a vendor's path. People write the base with and without its
 * version (`https://api.anthropic.com/v1`), so a segment that both have stands once.
 */
export function joinUrl(baseUrl: string, path: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  const version = /^\/v\d[a-z\d]*(?=\/)/.exec(path)?.[0];
  return version !== undefined && base.endsWith(version)
    ? base + path.slice(version.length)
    : base + path;
}
