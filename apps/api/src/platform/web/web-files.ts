import { readdirSync } from 'node:fs';
import path from 'node:path';

/** What is compressed already, or would not shrink, has no siblings. The better one first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** What the builder names after its content, as in `main-5sXoNCpM.js`; a plain word of eight letters is no hash. */
const HASHED = /-(?=[\w-]*[A-Z\d])[\w-]{8}\.\w+$/;

/** A file of the built web client. */
export interface WebFile {
  /** Relative to the root, with forward slashes. */
  readonly name: string;
  /** Its content never changes under this name. */
  readonly immutable: boolean;
  /** Compressed siblings by content encoding, the better one first. */
  readonly encoded: ReadonlyMap<string, string>;
}

/**
 * Lists the web client once at boot: what is not in the list is not served, whatever a path looks like.
 * @returns files by their path in the URL, such as `/main-ABCDEFGH.js`
 */
export function listWebFiles(root: string): ReadonlyMap<string, WebFile> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  const known = new Set(names);
  const isSibling = (name: string): boolean =>
    ENCODINGS.some(([, end]) => name.endsWith(end) && known.has(name.slice(0, -3)));
  const files = names
    .filter((name) => !isSibling(name))
    .map((name): WebFile => {
      const siblings = ENCODINGS.filter(([, end]) => known.has(name + end));
      const encoded = new Map(siblings.map(([encoding, end]) => [encoding, name + end]));
      return { name, immutable: HASHED.test(name), encoded };
    });
  return new Map(files.map((file) => [`/${file.name}`, file]));
}
