// What is said before a download, in megabytes: measured with an empty npm cache on Linux x64 (scripts/
// bootstrap/sizes.test.ts and .ci/run fail when the truth has moved by more than a quarter).

/** Packages by mode: `run` leaves out what only development needs. */
export const packageSizes = {
  run: { download: 46, disk: 93 },
  test: { download: 140, disk: 336 },
};

/** One Node.js. */
export const nodeSize = { download: 53, disk: 200 };

/** @param {{ download: number, disk: number }} size */
export function describeSize({ download, disk }) {
  return `about ${download} MB (${disk} MB on disk)`;
}
