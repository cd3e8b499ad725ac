// Rules that find bugs, and the manners of the house (docs/house.md). Layout of the text is Prettier's business.
// scripts/house-rules.test.ts sees every rule of the house fire on a planted offence.
import ts from 'typescript-eslint'

const TESTS = [
  '**/*.test.ts',
  '**/*.scripted.ts',
  'server/test/**',
  'server/stories/**',
  'scripts/sandbox/testing/**',
]
/** Tools read their configuration, and jest its global setup, from a default export. */
const DEFAULT_EXPORT_EXPECTED = ['**/*.config.{js,mjs,cjs,ts}', 'server/test/global-*.ts']
/** They read answers of the front door as they come; what is in them is what they check. */
const READS_ANY_JSON = [...TESTS, 'scripts/play/**', 'scripts/story.ts']
const STRAIGHT_IN_SERVER = [
  'server/features/**/*.ts',
  'server/http/**/*.ts',
  'server/outside/**/*.ts',
]

const BUGS = {
  'array-callback-return': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-async-promise-executor': 'error',
  'no-cond-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-debugger': 'error',
  'no-dupe-else-if': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-irregular-whitespace': 'error',
  'no-loss-of-precision': 'error',
  'no-misleading-character-class': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-unreachable-loop': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'use-isnan': 'error',
}

const TYPED_BUGS = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/ban-ts-comment': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-array-delete': 'error',
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-implied-eval': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/no-redundant-type-constituents': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_$', caughtErrorsIgnorePattern: '^_' },
  ],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
  '@typescript-eslint/restrict-plus-operands': [
    'error',
    { allowAny: false, allowBoolean: false, allowNullish: false, allowRegExp: false },
  ],
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    {
      allowNumber: true,
      allowAny: false,
      allowBoolean: false,
      allowNullish: false,
      allowRegExp: false,
    },
  ],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/unbound-method': 'error',
  '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
}

const UNSAFE_ANY = [
  'no-explicit-any',
  'no-unsafe-argument',
  'no-unsafe-assignment',
  'no-unsafe-call',
  'no-unsafe-member-access',
  'no-unsafe-return',
  'restrict-template-expressions',
]

const refuse = (message, ...selectors) => selectors.map((selector) => ({ selector, message }))

const NOT_IN_THIS_HOUSE = [
  ...refuse('No enum: a union of literals, or a const table.', 'TSEnumDeclaration'),
  ...refuse('No barrel: import from the file that has it.', 'ExportAllDeclaration'),
  ...refuse('No decorators.', 'Decorator'),
  ...refuse(
    'No classes but errors: createX(deps) returns an object of functions.',
    'ClassDeclaration:not([superClass.name=/Error$/])',
    'ClassExpression',
  ),
]
const NAMED_EXPORTS = refuse(
  'Named exports only.',
  'ExportDefaultDeclaration',
  'TSExportAssignment',
)

const NAMED_ERRORS = refuse(
  'Throw a named error: callers decide by class or code, never by message.',
  'ThrowStatement > NewExpression[callee.name="Error"]',
)

const REFUSALS_ARE_VALUES = refuse(
  'A route names its refusals and answers { refused }: what is thrown here the document does not know.',
  'NewExpression[callee.name="HttpError"]',
)

const TIME_AND_CHANCE = refuse(
  'Time and chance come in as arguments (deps.clock, now).',
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  'CallExpression[callee.name="Date"]',
  'MemberExpression[object.name="Math"][property.name="random"]',
)

const SECRET =
  '/(^|[a-z])(signature|secret|hmac|password|apiKey|adminKey|sessionToken|encodingAesKey)$/i'
const isSecret = (side) => `:matches([${side}.name=${SECRET}], [${side}.property.name=${SECRET}])`
const compared = (side, other) =>
  `BinaryExpression[operator=/^[!=]==?$/]${isSecret(side)}:not([${other}.type="Literal"], [${other}.name="undefined"])`
const SECRETS_IN_CONSTANT_TIME = refuse(
  'Compare secrets in constant time: sameText, timingSafeEqual.',
  compared('left', 'right'),
  compared('right', 'left'),
)

const ONLY_STORES_SPEAK_SQL = refuse(
  'Only *.store.ts speaks SQL; elsewhere db is handed on, or opens a transaction.',
  'CallExpression[callee.name=/^(db|trx|knex)$/]',
  'CallExpression[callee.type="MemberExpression"][callee.property.name="db"]',
  'MemberExpression[object.name=/^(db|trx|knex)$/][property.name!="transaction"]',
  'MemberExpression[object.property.name="db"][property.name!="transaction"]',
)

const TAKES_DB = ':function:has(> Identifier.params[name="db"])'
const TAKES_TX = ':function:has(> Identifier.params[name="tx"])'
const PLATFORMS = /^(platforms|wecom|weixin|login|zhibang|kfLink)$/
const INSIDE_A_TRANSACTION = [
  ...refuse(
    'Who is given a db works with that one: deps.db would be outside the transaction.',
    `${TAKES_DB} MemberExpression[object.name="deps"][property.name="db"]`,
    `${TAKES_TX} Identifier[name="deps"]`,
  ),
  ...refuse(
    'Inside a transaction the word db means the transaction, and tx all there is.',
    'CallExpression[callee.property.name="transaction"] > :function > Identifier.params[name!="db"]',
    'CallExpression[callee.name="inTransaction"] > :function > Identifier.params[name!="tx"]',
  ),
  ...refuse(
    'Never hold a transaction across the wire: read, commit; call; open, write, commit.',
    `${TAKES_DB} MemberExpression[object.name="deps"][property.name=${PLATFORMS}]`,
    `${TAKES_TX} MemberExpression[property.name=${PLATFORMS}]`,
  ),
]

const THINKS = refuse(
  'Rules think, synchronously: no async, no await.',
  ':function[async=true]',
  'AwaitExpression',
)

const restrict = (...groups) => ({
  'no-restricted-syntax': ['error', ...NOT_IN_THIS_HOUSE, ...NAMED_EXPORTS, ...groups.flat()],
})

export default ts.config(
  {
    ignores: [
      'shared/client/api.ts',
      'build/',
      'coverage/',
      '.data/',
      '**/dist/',
      '**/node_modules/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.{js,mjs,cjs,ts}'], rules: BUGS },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Buffer',
          'URL',
          'clearInterval',
          'clearTimeout',
          'console',
          'module',
          'performance',
          'process',
          'require',
          'setInterval',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-undef': 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': ts.plugin },
    languageOptions: {
      parser: ts.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: { ...TYPED_BUGS, ...restrict() },
  },

  {
    files: READS_ANY_JSON,
    rules: Object.fromEntries(UNSAFE_ANY.map((name) => [`@typescript-eslint/${name}`, 'off'])),
  },
  // A Knex query is awaitable, also the part of one that a callback of `where` answers.
  {
    files: ['**/*.store.ts'],
    rules: {
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false } },
      ],
    },
  },

  // Sizes: look again at 60 lines, split at 300.
  {
    files: ['**/*.ts'],
    ignores: TESTS,
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  // A migration is one text of SQL, as long as its tables are wide.
  { files: ['server/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  // A case of `test.each` takes as many as its table has columns.
  {
    files: ['**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'max-params': ['error', { max: 3 }] },
  },
  // An answer is status, code, message, and seldom headers; what String.replace tells is not ours to choose.
  { files: ['server/http/errors.ts', 'server/lib/xml.ts'], rules: { 'max-params': 'off' } },

  // Each of these replaces the list before it, so a file has the rules of the last line that names it.
  { files: ['server/**/*.ts'], ignores: TESTS, rules: restrict(SECRETS_IN_CONSTANT_TIME) },
  {
    files: STRAIGHT_IN_SERVER,
    ignores: TESTS,
    rules: restrict(SECRETS_IN_CONSTANT_TIME, NAMED_ERRORS),
  },
  {
    files: ['server/outside/**/*.ts'],
    ignores: TESTS,
    rules: restrict(SECRETS_IN_CONSTANT_TIME, NAMED_ERRORS, TIME_AND_CHANCE),
  },
  {
    files: ['server/features/**/*.ts'],
    ignores: TESTS,
    rules: restrict(
      SECRETS_IN_CONSTANT_TIME,
      NAMED_ERRORS,
      TIME_AND_CHANCE,
      INSIDE_A_TRANSACTION,
      ONLY_STORES_SPEAK_SQL,
      REFUSALS_ARE_VALUES,
    ),
  },
  {
    files: ['server/features/**/*.store.ts'],
    rules: restrict(SECRETS_IN_CONSTANT_TIME, NAMED_ERRORS, TIME_AND_CHANCE),
  },
  {
    files: ['**/*.rules.ts'],
    rules: {
      ...restrict(NAMED_ERRORS, TIME_AND_CHANCE, THINKS),
      'no-restricted-globals': [
        'error',
        ...[
          'console',
          'crypto',
          'fetch',
          'performance',
          'process',
          'setImmediate',
          'setInterval',
          'setTimeout',
        ].map((name) => ({ name, message: 'Rules are pure.' })),
      ],
    },
  },
  {
    files: ['server/**/*.ts'],
    ignores: ['server/main.ts', ...TESTS],
    rules: { 'no-console': 'error' },
  },
  {
    files: DEFAULT_EXPORT_EXPECTED,
    rules: { 'no-restricted-syntax': ['error', ...NOT_IN_THIS_HOUSE] },
  },
)
