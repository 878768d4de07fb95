import { readdirSync } from 'node:fs';
import path from 'node:path';
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
const features = 'apps/web/src/app/features';
/** What only libs/encryption may use: the server must not be able to read, and nobody else to seal in another way. */
const encryption = ['ts-mls', 'ts-mls/*', '@hpke/*', '@noble/*', '@scure/*'];
const server = ['@nestjs/*', 'typeorm', 'pg', 'pg-boss', 'ioredis', 'socket.io', '@socket.io/*'];

/** Which project may import which, and which packages stay out of it. There is no rule for "everything else". */
const depConstraints = [
  {
    sourceTag: 'type:base',
    onlyDependOnLibsWithTags: [],
    allowedExternalImports: ['fast-check'],
  },
  {
    sourceTag: 'type:domain',
    onlyDependOnLibsWithTags: [],
    allowedExternalImports: ['@zxcvbn-ts/*', 'fast-check', 'unhomoglyph'],
  },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: ['type:domain'],
    bannedExternalImports: ['@angular/*', 'socket.io-client', ...server],
  },
  {
    sourceTag: 'type:rtc',
    onlyDependOnLibsWithTags: ['type:base', 'type:domain', 'type:contracts'],
    bannedExternalImports: ['@angular/*', 'socket.io-client', ...server],
  },
  {
    sourceTag: 'type:encryption',
    onlyDependOnLibsWithTags: ['type:base'],
    allowedExternalImports: ['@hpke/*', '@noble/*', '@scure/*', 'fast-check', 'ts-mls', 'ts-mls/*'],
  },
  { sourceTag: 'type:migrations', onlyDependOnLibsWithTags: ['type:domain'], allowedExternalImports: ['typeorm'] },
  {
    sourceTag: 'type:api',
    onlyDependOnLibsWithTags: ['type:base', 'type:domain', 'type:contracts', 'type:migrations'],
    bannedExternalImports: ['@angular/*', ...encryption],
  },
  {
    sourceTag: 'type:web',
    onlyDependOnLibsWithTags: ['type:base', 'type:domain', 'type:contracts', 'type:rtc', 'type:encryption'],
    bannedExternalImports: [...server, ...encryption],
  },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: ['type:base', 'type:domain', 'type:contracts', 'type:rtc', 'type:encryption'],
    bannedExternalImports: ['@angular/*', ...server],
  },
];

/** Specs have the library meet the server, which itself never sees it. */
const depConstraintsOfServerSpecs = depConstraints.map((constraint) =>
  constraint.sourceTag === 'type:api'
    ? { ...constraint, onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'type:encryption'] }
    : constraint,
);

// tools is no project; tests find their browser and start their servers with it.
const toolsOfTests = ['testing/e2e-server', 'testing/fill-room', 'launch/pg', 'testing/system', 'build/wav'].flatMap(
  (name) => ['../../', '../../../', '../../../../'].map((up) => `${up}tools/${name}.mjs`),
);

const zone = (target, from, message) => ({ target: `./${target}`, from: from.map((place) => `./${place}`), message });
const subfolders = (folder) =>
  readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`);

const apiFolders = subfolders('apps/api/src');
const apiBase = ['apps/api/src/config', 'apps/api/src/platform'];
const apiFeatures = apiFolders.filter((folder) => !apiBase.includes(folder));
const webFeatures = subfolders(features);

/** Directions inside an app: the api's feature → platform → config, the web's features → flows, widgets → state → core, ui. */
const web = (...folders) => folders.map((folder) => `apps/web/src/app/${folder}`);
const webPages = web('features', 'shell');
const zones = [
  zone('apps/api/src/config', ['apps/api/src/platform', ...apiFeatures], 'config imports nothing of the api.'),
  zone('apps/api/src/platform', apiFeatures, 'platform serves the features and knows none of them.'),
  ...['chat', 'calls'].map((feature) =>
    zone(
      `apps/api/src/${feature}`,
      ['core', 'members', 'invitations'].map((inside) => `apps/api/src/rooms/${inside}`),
      'rooms are reached through RoomsService.',
    ),
  ),
  ...apiFeatures
    .filter((feature) => feature !== 'apps/api/src/encryption')
    .map((feature) => zone(feature, ['apps/api/src/encryption'], 'encryption follows domain events; nobody calls it.')),
  zone(
    'apps/web/src/app/core',
    [...web('ui', 'state', 'flows', 'widgets'), ...webPages],
    'core knows no subject of the product.',
  ),
  zone(
    'apps/web/src/app/ui',
    [...web('core', 'state', 'flows', 'widgets'), ...webPages],
    'ui gets all it shows through inputs.',
  ),
  zone(
    'apps/web/src/app/state',
    [...web('ui', 'flows', 'widgets'), ...webPages],
    'state knows neither pages nor components.',
  ),
  ...web('flows', 'widgets').map((folder) =>
    zone(folder, webPages, 'flows and widgets serve the pages and know none of them.'),
  ),
  ...webFeatures.map((feature) =>
    zone(
      feature,
      webFeatures.filter((other) => other !== feature),
      'features reach each other by route alone.',
    ),
  ),
];

const swallowing = [
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'Handle the error, log it, or let it go on.',
  },
  {
    selector:
      "CallExpression[callee.property.name='catch'] > .arguments[body.type='BlockStatement'][body.body.length=0]",
    message: 'Handle the error, log it, or let it go on.',
  },
];

/** Every statement is declared, at the top of its file, so that a test can compare it with the migrated schema. */
const undeclaredSql = [
  {
    selector: 'CallExpression[callee.property.name=/^(query|createQueryBuilder)$/]',
    message: 'Declare the statement with sqlStatement.',
  },
  {
    selector: ":function CallExpression[callee.name='sqlStatement']",
    message: 'Declare the statement outside of functions.',
  },
];

/** The wire form of messages is for the intake alone: everything else gets plain messages. */
const wireMessages = [
  {
    selector: 'Literal[value=/^chat:(posted|changed)$/]',
    message: 'MessageIntake takes messages in, and hands them on.',
  },
  { selector: 'ImportSpecifier[imported.name=/^Messages?Dto$/]', message: 'MessageIntake hands on plain messages.' },
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.nx/',
      '.angular/',
      '.data/',
      'coverage/',
      'test-results/',
      'playwright-report/',
      'apps/api/src/metadata.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      'max-lines': ['error', 400],
      'no-console': ['error', { allow: ['debug', 'info', 'warn', 'error'] }],
      'no-restricted-syntax': ['error', ...swallowing],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ignores: ['apps/web/public/**'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['apps/web/public/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx, 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js'] })],
    },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: root },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: toolsOfTests, depConstraints },
      ],
      'import-x/no-restricted-paths': ['error', { basePath: root, zones }],
      'import-x/no-duplicates': 'error',
      'import-x/order': [
        'error',
        {
          groups: [
            ['builtin', 'external', 'internal'],
            ['parent', 'sibling', 'index'],
          ],
          alphabetize: { order: 'asc', orderImportKind: 'ignore', caseInsensitive: true },
          'newlines-between': 'never',
        },
      ],
      'sort-imports': ['error', { ignoreCase: true, ignoreDeclarationSort: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `async` also turns what an interface's method throws into a rejection.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['apps/api/test/encryption/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: toolsOfTests, depConstraints: depConstraintsOfServerSpecs },
      ],
    },
  },
  {
    files: ['apps/api/src/**/*.ts'],
    ignores: ['apps/api/src/config/**', '**/*.spec.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'src/config reads the environment, once.' },
      ],
    },
  },
  {
    files: ['apps/api/src/**/*.ts'],
    ignores: ['apps/api/src/platform/database/sql-statement.ts', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...swallowing, ...undeclaredSql] },
  },
  {
    // What stands in for a database or for sockets is no part of the product.
    files: ['apps/api/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/testing/*'], message: 'testing is for specs.' }] }],
    },
  },
  {
    // The metadata of a decorated signature is made of the classes themselves: their imports must stay values. And what
    // stands in a parameter's decorator counts as unused for one rule.
    files: ['apps/api/**/*.ts', 'libs/contracts/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off', 'no-useless-assignment': 'off' },
  },
  {
    files: ['apps/web/src/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': [
        'error',
        [
          { type: 'element', prefix: 'wc', style: 'kebab-case' },
          { type: 'attribute', prefix: 'wc', style: 'camelCase' },
        ],
      ],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'wc', style: 'camelCase' }],
      '@angular-eslint/prefer-on-push-component-change-detection': 'off',
    },
  },
  {
    // Encryption is for pages with https alone, and says so elsewhere.
    files: ['apps/web/src/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/encryption/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'crypto', property: 'randomUUID', message: 'Missing on pages without https: use createUuidV7.' },
        { object: 'crypto', property: 'subtle', message: 'Missing on pages without https.' },
      ],
    },
  },
  {
    files: ['libs/encryption/src/**/*.ts'],
    ignores: ['libs/encryption/src/group/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['ts-mls', 'ts-mls/*'], message: 'group wraps it.' }] }],
    },
  },
  {
    files: ['apps/web/src/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/web/src/app/state/chat/{message-intake,testing/fake-history}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...swallowing, ...wireMessages] },
  },
  {
    files: ['apps/web/src/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      'max-lines': ['error', 400],
      'no-restricted-syntax': 'off',
      // `wcLabel` is the name of an icon button.
      '@angular-eslint/template/elements-content': ['error', { allowList: ['wcLabel'] }],
    },
  },
  {
    files: ['**/*.spec.ts', 'apps/api/test/**/*.ts', 'apps/e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
