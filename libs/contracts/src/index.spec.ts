import { getMetadataStorage } from 'class-validator';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as contracts from './index';
import { findInputClasses } from './testing/dto-tables';

const files = readdirSync(__dirname).filter((file) => file.endsWith('.dto.ts'));
const modules = files.map((file) => jest.requireActual<object>(path.join(__dirname, file)));
const sent = findInputClasses(contracts);

it.each(files)('%s has tables of accepted and refused values, if clients send any of its classes', (file) => {
  const module = jest.requireActual<object>(path.join(__dirname, file));
  if (findInputClasses(module).length === 0) return;
  const spec = path.join(__dirname, file.replace('.ts', '.spec.ts'));
  expect(existsSync(spec)).toBe(true);
  expect(readFileSync(spec, 'utf8')).toMatch(/^describeDtoModule\(contracts, \{/m);
});

it('has all classes that clients send in files named .dto.ts', () => {
  const found = modules.flatMap((module) => findInputClasses(module).map(([name]) => name));
  expect(found.sort()).toEqual(sent.map(([name]) => name).sort());
});

it.each(sent)('counts the length of texts in code units: %s', (_, type) => {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  expect(rules.filter(({ name }) => /^(isLength|minLength|maxLength)$/.test(name ?? ''))).toEqual([]);
});
