/** Bytes that belong to us: WebCrypto takes no shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** @returns one array with all parts in their order */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** @returns whether both are the same bytes; not for secrets: the time shows where they differ */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** @returns the text as UTF-8 */
export function utf8Bytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** @returns the text of UTF-8 bytes; null if they are none */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** @returns lower-case hexadecimal, also as the key of a map */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns base64url without padding, as bytes go into JSON */
export function base64UrlOf(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns the bytes of base64url; null if the text is not exactly what {@link base64UrlOf} makes of them */
export function bytesOfBase64Url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  return base64UrlOf(bytes) === text ? bytes : null;
}

/** @returns random bytes of the system's generator */
export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** @returns SHA-256 */
export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concatBytes(bytes)));
}
