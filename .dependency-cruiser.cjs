// Imports go one way. The map is the design's; the rules below are generated from it.
const doors = {
  gateway: ['auth', 'orchestration', 'dispatch', 'accounts', 'ledger', 'protocol'],
  orchestration: ['queue', 'results', 'dispatch', 'accounts', 'ledger', 'protocol'],
  workers: ['queue', 'dispatch', 'protocol'],
  results: ['dispatch', 'protocol'],
  dispatch: ['accounts', 'ledger', 'providers', 'protocol'],
  providers: ['protocol'],
  auth: [],
  queue: [],
  accounts: [],
  ledger: [],
  protocol: [],
  cli: [],
  platform: [],
};

// A vendor package is imported in one folder only.
const vendorHomes = {
  fastify: '^src/gateway/',
  '@fastify/[a-z-]+': '^src/gateway/',
  'fastify-type-provider-zod': '^src/gateway/',
  undici: '^src/(dispatch/transport|cli/http)',
  pg: '^(src/platform/store/|test/|scripts/)',
  jose: '^src/auth/',
  commander: '^src/cli/',
  'csv-parse': '^src/cli/accounts/',
  'log-update': '^src/cli/',
  picocolors: '^src/cli/',
  'string-width': '^src/cli/',
  pino: '^src/platform/log',
  yaml: '^src/(platform/config|cli)/',
  uuid: '^src/platform/ids',
  'eventsource-parser': '^src/(protocol|cli)/',
  jsonrepair: '^src/protocol/json',
  picomatch: '^src/accounts/',
  '@redis/client': '^src/accounts/redis/',
};

// Folders whose children are adapters of one port (or vendors of one kind): strangers to each other.
const adapterFolders = ['src/providers', 'src/queue', 'src/accounts'];

const rooms = Object.keys(doors);
const notTests = '\\.(test|contract)\\.ts$';

module.exports = {
  forbidden: [
    ...rooms.map((room) => ({
      name: `one-way-${room}`,
      severity: 'error',
      comment: `${room} may import ${doors[room].join(', ') || 'no room'} and platform`,
      from: { path: `^src/${room}/`, pathNot: notTests },
      to: {
        path: '^(src|simulator|web)/',
        pathNot: `^src/(${[room, ...doors[room], 'platform'].join('|')})/`,
      },
    })),
    ...rooms
      .filter((room) => room !== 'platform')
      .flatMap((room) => [
        {
          name: `use-the-door-${room}`,
          severity: 'error',
          comment: 'A room is entered by its index.ts',
          from: { path: '^(src|test|bench)/', pathNot: [`^src/${room}/`] },
          to: { path: `^src/${room}/`, pathNot: `^src/${room}/index\\.ts$` },
        },
        {
          name: `no-own-door-${room}`,
          severity: 'error',
          comment: 'Insiders do not go through their own door',
          from: { path: `^src/${room}/` },
          to: { path: `^src/${room}/index\\.ts$` },
        },
      ]),
    {
      name: 'simulator-is-independent',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^src/' },
    },
    {
      name: 'only-the-wiring-knows-the-simulator',
      severity: 'error',
      comment: 'The files at the top of src/ start it; a room meets it as any other provider',
      from: { path: '^src/[^/]+/' },
      to: { path: '^simulator/' },
    },
    ...adapterFolders.map((folder) => ({
      name: `adapters-are-strangers-${folder.split('/').pop()}`,
      severity: 'error',
      from: { path: `^${folder}/([^/]+)/`, pathNot: notTests },
      to: {
        path: `^${folder}/[^/]+/`,
        pathNot: [`^${folder}/$1/`, '^src/providers/openai-compatible/'],
      },
    })),
    ...Object.entries(vendorHomes).map(([vendor, home]) => ({
      name: `vendor-home-${vendor.replace(/\W+/g, '-')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: home },
      to: { path: `(^|/)node_modules/${vendor}/`, dependencyTypesNot: ['type-only'] },
    })),
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dep-in-src',
      severity: 'error',
      from: { path: '^(src|simulator)/', pathNot: notTests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(src|simulator)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^node_modules/\\.' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types'],
    },
  },
};
