/** The first Node.js of its line that runs everything here; engines in package.json says the same. */
const oldest = { major: 22, minor: 22 };

/**
 * Whether this process can run the sources: type stripping, and what the packages ask for.
 * @param {{ versions: { node: string }, features: { typescript?: unknown } }} node
 */
export function isSuitableNode({ versions, features } = process) {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const isRecent = major === oldest.major ? minor >= oldest.minor : major >= 24;
  // A distribution may build Node without the type stripper, and NODE_OPTIONS may switch it off.
  return isRecent && Boolean(features.typescript);
}
