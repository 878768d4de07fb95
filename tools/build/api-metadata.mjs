/**
 * Writes apps/api/src/metadata.ts: the metadata of DTO classes and controllers for Swagger, read from their types and
 * doc comments, and the description of the socket. So the contracts need no import of Nest.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PluginMetadataGenerator } from '@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js';
import { ReadonlyVisitor } from '@nestjs/swagger/plugin';
import { socketApi } from './socket-api.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const source = path.join(root, 'apps/api/src');
const output = path.join(source, 'metadata.ts');

const read = () => {
  try {
    return readFileSync(output, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
};

export function generateMetadata() {
  const before = read();
  // main.ts imports the file, so it has to exist while the program is read.
  if (!before) writeFileSync(output, 'export default () => Promise.resolve({});\nexport const socketApi = {};\n');
  const program = ReadonlyVisitor.createTsProgram(path.join(root, 'apps/api/tsconfig.json'));
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-metadata-'));
  new PluginMetadataGenerator().generate({
    tsProgramRef: program,
    visitors: [
      new ReadonlyVisitor({
        introspectComments: true,
        classValidatorShim: true,
        dtoFileNameSuffix: ['.dto.ts'],
        controllerFileNameSuffix: ['.controller.ts'],
        pathToSource: source,
      }),
    ],
    outputDir: folder,
  });
  const generated = readFileSync(path.join(folder, 'metadata.ts'), 'utf8');
  rmSync(folder, { recursive: true });
  const text = generated.replace('/* eslint-disable */\n', '/* eslint-disable */\n// @ts-nocheck: generated\n');
  const sockets = `export const socketApi = ${JSON.stringify(socketApi(program))};\n`;
  // Written only if changed: a check that runs at the same time may be reading it.
  if (before !== text + sockets) writeFileSync(output, text + sockets);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) generateMetadata();
