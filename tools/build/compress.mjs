/** Writes a .br and a .gz of every text file of the web client, so that the server never compresses at run time. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root } from '../bootstrap.mjs';

export const web = path.join(root, 'dist/apps/web');
const text = /\.(js|css|html|svg|json|webmanifest|txt|wasm)$/;
const worthIt = 1024;

const brotli = (content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });

export function compressWeb() {
  for (const entry of readdirSync(web, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !text.test(entry.name)) continue;
    const content = readFileSync(file);
    if (content.length < worthIt) continue;
    writeFileSync(`${file}.br`, brotli(content));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}
