import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Content encodings with their file endings, the better one first. Files that would not shrink have none. */
const COMPRESSED_ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Names with a hash of the content, as in `main-5sXoNCpM.js`; a plain word of eight lower-case letters is no hash. */
const HASHED_FILE_NAME = /-(?=[\w-]*[A-Z\d])[\w-]{8}\.\w+$/;

/** A file of the built web client. */
export interface WebFile {
  /** Relative to the root, with forward slashes. */
  readonly name: string;
  /** Whether the content under this name never changes. */
  readonly immutable: boolean;
  /** Compressed siblings by content encoding, the better one first. */
  readonly encoded: ReadonlyMap<string, string>;
}

/**
 * Lists the files of the web client once at start; only files in this list are served, whatever a path looks like.
 * @returns files by their path in the URL, such as `/main-ABCDEFGH.js`
 */
export function listWebFiles(root: string): ReadonlyMap<string, WebFile> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  const known = new Set(names);
  const isSibling = (name: string): boolean =>
    COMPRESSED_ENCODINGS.some(([, end]) => name.endsWith(end) && known.has(name.slice(0, -3)));
  const files = names
    .filter((name) => !isSibling(name))
    .map((name): WebFile => {
      const siblings = COMPRESSED_ENCODINGS.filter(([, end]) => known.has(name + end));
      const encoded = new Map(siblings.map(([encoding, end]) => [encoding, name + end]));
      return { name, immutable: HASHED_FILE_NAME.test(name), encoded };
    });
  return new Map(files.map((file) => [`/${file.name}`, file]));
}
