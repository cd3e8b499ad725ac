// The floors of the house (docs/house.md): imports go down, rooms know each other by type only.
// scripts/house-rules.test.ts sees every rule fire on a planted offence; a rule that is changed here is proven there.

/** Tests, and the folders that only tests use. They may open any door, and nothing that ships may import them. */
const TESTS = '\\.test\\.ts$|\\.scripted\\.ts$|^server/(test|stories)/'
/** `import type` leaves nothing behind at run time: it is knowing somebody, not depending on him. */
const AT_RUN_TIME = { dependencyTypesNot: ['type-only'] }
/** A room's own files have a kind (`x.store.ts`); its front files have none (`x.ts`, `sessions.ts`). */
const WITH_A_KIND = '^server/features/[^/]+/[^/]+\\.[^/.]+\\.ts$'
/** Who starts the house, builds it, and reads what this installation is like. */
const ROOF = '^server/((compose|main|serve|config)\\.ts$|(house|config)/)'
const SQL = '(^|/)node_modules/(knex|pg)/'

/** The folders of the tool shed; each may import those that stand after it. The commands beside them import all, and nobody them. */
const SHED = [
  'bench',
  'doctor',
  'start',
  'sandbox-house',
  'mutants',
  'playground',
  'preview',
  'generate',
  'readings',
  'play',
  'checkout',
  'postgres',
  'processes',
  'miniprogram',
  'sandbox',
  'second-platform',
]
const shedFloors = SHED.map((folder, at) => ({
  name: 'sheds-know-only-sheds-below',
  comment: 'Two folders that need each other are one.',
  from: { path: `^scripts/${folder}/`, pathNot: TESTS },
  to: { path: '^scripts/', pathNot: `^scripts/(${SHED.slice(at).join('|')})/` },
}))

/** The same inside the sandbox: its own files import all of its folders, and nobody there imports them. */
const SANDBOX = [
  'testing',
  'control',
  'client',
  'staff',
  'weixin',
  'official',
  'kf',
  'contacts',
  'apps',
  'http',
  'callbacks',
  'world',
  'base',
]
const sandboxFloors = SANDBOX.slice(1).map((folder) => ({
  name: 'the-sandbox-has-floors',
  comment: 'Two folders that need each other are one.',
  from: { path: `^scripts/sandbox/${folder}/`, pathNot: TESTS },
  to: {
    path: '^scripts/sandbox/',
    pathNot: `^scripts/sandbox/(${SANDBOX.slice(SANDBOX.indexOf(folder)).join('|')})/`,
  },
}))

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'no-circular',
    comment:
      'Files that need each other at run time are one file. A cycle that some `import type` closes is none.',
    from: {},
    to: { circular: true, viaOnly: AT_RUN_TIME },
  },
  {
    name: 'every-import-resolves',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'only-declared-packages',
    comment: 'What a workspace imports stands in its own package.json, or in the one at the root.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'nothing-that-ships-imports-tests',
    from: { pathNot: TESTS },
    to: { path: TESTS },
  },

  // The street, the tool shed, next door
  {
    name: 'shared-imports-nothing-of-ours',
    from: { path: '^shared/', pathNot: TESTS },
    to: { path: '^(server|miniprogram|scripts)/' },
  },
  {
    name: 'shared-runs-anywhere',
    comment: 'The mini-program has no Node.',
    from: { path: '^shared/', pathNot: TESTS },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'nobody-imports-scripts',
    from: { path: '^(server|shared|miniprogram)/', pathNot: TESTS },
    to: { path: '^scripts/' },
  },
  {
    name: 'second-platform-stands-alone',
    comment:
      'It was written from docs/spec/platform-facts.md alone; what it borrowed it could not contradict.',
    from: { path: '^scripts/second-platform/' },
    to: { path: '^(server|shared|miniprogram|scripts/(?!second-platform/))' },
  },
  ...shedFloors,
  ...sandboxFloors,
  {
    name: 'miniprogram-never-server',
    from: { path: '^miniprogram/' },
    to: { path: '^server/' },
  },

  // Floors
  {
    name: 'lib-knows-nothing-above',
    from: { path: '^server/lib/', pathNot: TESTS },
    to: { path: '^(server/(?!lib/)|miniprogram/)', pathNot: '^server/migrations/' },
  },
  {
    name: 'only-migrate-knows-migrations',
    from: {
      path: '^(server|scripts)/',
      pathNot: `^server/lib/migrate\\.ts$|^server/migrations/|${TESTS}`,
    },
    to: { path: '^server/migrations/' },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A migration means the same for ever; what it imports would change under it.',
    from: { path: '^server/migrations/\\d' },
    to: { path: '^(server|shared|scripts|miniprogram)/' },
  },
  {
    name: 'outside-knows-no-business',
    from: { path: '^server/outside/', pathNot: TESTS },
    to: { path: '^server/(?!outside/|lib/)' },
  },
  {
    name: 'outside-knows-no-database',
    from: { path: '^server/outside/', pathNot: TESTS },
    to: { path: '^server/lib/(db|jobs|migrate)\\.ts$', ...AT_RUN_TIME },
  },
  {
    name: 'vendors-are-strangers',
    from: { path: '^server/outside/([^/]+)/' },
    to: { path: '^server/outside/', pathNot: '^server/outside/$1/' },
  },
  {
    name: 'http-knows-no-rooms-no-vendors',
    from: { path: '^server/http/', pathNot: TESTS },
    to: { path: '^server/(?!http/|lib/)' },
  },
  {
    name: 'nobody-imports-the-roof',
    from: { pathNot: `${ROOF}|^scripts/|${TESTS}` },
    to: { path: ROOF },
  },

  // Rooms
  {
    name: 'rooms-know-only-types-of-rooms',
    comment: 'Who the neighbours are is said in compose.ts alone.',
    from: { path: '^server/features/([^/]+)/', pathNot: TESTS },
    to: { path: '^server/features/[^/]+/', pathNot: '^server/features/$1/', ...AT_RUN_TIME },
  },
  {
    name: 'rooms-know-only-front-files',
    from: { path: '^server/features/([^/]+)/', pathNot: TESTS },
    to: { path: WITH_A_KIND, pathNot: '^server/features/$1/' },
  },
  {
    name: 'rooms-hold-vendors-by-type',
    from: { path: '^server/features/', pathNot: TESTS },
    to: { path: '^server/outside/', ...AT_RUN_TIME },
  },
  {
    name: 'only-routes-touch-http',
    from: {
      path: '^server/features/',
      pathNot: `\\.routes\\.ts$|^server/features/room\\.ts$|${TESTS}`,
    },
    to: { path: '^server/http/' },
  },
  {
    name: 'rules-are-pure',
    comment:
      'A decision is a function of its arguments: no clock, no chance, no I/O, so it imports only other rules.',
    from: { path: '\\.rules\\.ts$' },
    to: { pathNot: '\\.rules\\.ts$|^shared/', ...AT_RUN_TIME },
  },
  {
    name: 'rules-know-only-own-rules',
    from: { path: '^server/features/([^/]+)/.+\\.rules\\.ts$' },
    to: { path: '\\.rules\\.ts$', pathNot: '^server/features/$1/', ...AT_RUN_TIME },
  },
  {
    name: 'only-stores-and-lib-speak-sql',
    from: { path: '^server/', pathNot: `\\.store\\.ts$|^server/lib/|${TESTS}` },
    to: { path: SQL, ...AT_RUN_TIME },
  },
  {
    name: 'stores-are-opened-by-the-front-only',
    comment:
      'A door, a bell or a decision that reads the memory itself passes by the one who knows what it means.',
    from: { path: '\\.(routes|rules|jobs)\\.ts$' },
    to: { path: '\\.store\\.ts$' },
  },
]

module.exports = {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|coverage|\\.data|miniprogram/dist)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
}
