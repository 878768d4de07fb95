const path = require('node:path');
const { createEsmPreset } = require('jest-preset-angular/presets');

const lib = (name) => path.join(__dirname, '../../libs', name, 'src/index.ts');

module.exports = {
  ...createEsmPreset({ tsconfig: path.join(__dirname, 'tsconfig.spec.json') }),
  displayName: 'web',
  rootDir: __dirname,
  testEnvironment: 'jest-preset-angular/environments/jest-jsdom-env',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  // The contracts' classes are decorated; the web build shakes them out.
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/src/test-setup.ts'],
  moduleNameMapper: {
    '^@webcall/base$': lib('base'),
    '^@webcall/contracts$': lib('contracts'),
    '^@webcall/domain$': lib('domain'),
    '^@webcall/encryption$': lib('encryption'),
    '^@webcall/rtc$': lib('rtc'),
  },
};
