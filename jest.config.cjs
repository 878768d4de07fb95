const path = require('node:path');

const sources = {
  base: 'libs/base/src',
  contracts: 'libs/contracts/src',
  domain: 'libs/domain/src',
  encryption: 'libs/encryption/src',
  migrations: 'migrations',
  rtc: 'libs/rtc/src',
};
const aliases = Object.fromEntries(
  Object.entries(sources).map(([name, folder]) => [`^@webcall/${name}$`, path.join(__dirname, folder, 'index.ts')]),
);

/** Decorators and their metadata as in tools/build/build-api.mjs; CommonJS, so that jest.mock works. */
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    configFile: false,
    sourceMaps: 'inline',
    // Dynamic imports stay what they are: they reach the tools, which are modules.
    module: { type: 'commonjs', ignoreDynamic: true },
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  },
];

const nodeProject = (displayName, folder) => ({
  displayName,
  rootDir: path.join(__dirname, folder),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  transform: { '^.+\\.ts$': swc },
  setupFiles: ['reflect-metadata'],
  // The metadata of the API documents names the files by what they are compiled to.
  moduleNameMapper: { ...aliases, '^(\\.{1,2}/.+\\.(dto|controller))\\.js$': '$1' },
});

module.exports = {
  // Far above what any test takes: one that hangs ends, and none fails because the machine is busy.
  testTimeout: 180_000,
  reporters: ['default', path.join(__dirname, 'tools/checks/plain-reporter.cjs')],
  projects: [
    nodeProject('domain', 'libs/domain/src'),
    nodeProject('base', 'libs/base/src'),
    nodeProject('contracts', 'libs/contracts/src'),
    nodeProject('encryption', 'libs/encryption/src'),
    nodeProject('rtc', 'libs/rtc/src'),
    nodeProject('api', 'apps/api/src'),
    nodeProject('integration', 'apps/api/test'),
    path.join(__dirname, 'apps/web/jest.config.cjs'),
  ],
};
