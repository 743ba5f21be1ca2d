// The one way in, for `./headrace …` (run) and `npm test` (test): a suitable Node, the packages, then the
// program. Plain JavaScript that any Node since 14 can parse, so that an old one is told what it lacks
// instead of showing a syntax error; everything newer is imported after that.
const oldest = 20;

if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    `headrace: This is Node.js ${process.versions.node}; install Node.js ${oldest} or newer with npm (https://nodejs.org) and start again. [setup_node_unsuitable]\n`,
  );
  process.exitCode = 1;
} else {
  void import('./bootstrap/start.mjs').then(({ start }) =>
    start(process.argv[2] === 'test' ? 'test' : 'run', process.argv.slice(3)),
  );
}
