import type { IncomingMessage, Server } from 'node:http';
import { isIP } from 'node:net';

/** `203.0.113.8:5001`, and `[2001:db8::1]` with a port or without. A bare IPv6 address fits neither. */
const WITH_PORT = /^(?:([\d.]+):\d*|\[(.+)\](?::\d*)?)$/;

/** @returns an entry of `X-Forwarded-For` as a plain address; unchanged if it contains no address */
export function stripAddressPort(entry: string): string {
  const [, v4, v6] = WITH_PORT.exec(entry) ?? [];
  const address = v4 ?? v6 ?? '';
  return isIP(address) ? address : entry;
}

/**
 * Reduces `X-Forwarded-For` to plain addresses before other code reads it, for requests and sockets. Some proxies
 * append the port of the connection. It changes with each connection, so limits per address would never apply, and a
 * trusted proxy would not be recognised. Call this after Socket.IO was attached to the server: Socket.IO handles its
 * own requests before it passes the others on, so these listeners have to be put in front of its own.
 */
export function normalizeForwardedFor(server: Server): void {
  const strip = ({ headers }: IncomingMessage): void => {
    const header = headers['x-forwarded-for'];
    // Node joins repeated headers into one string.
    if (typeof header !== 'string') return;
    headers['x-forwarded-for'] = header
      .split(',')
      .map((entry) => stripAddressPort(entry.trim()))
      .join(', ');
  };
  server.prependListener('request', strip);
  server.prependListener('upgrade', strip);
}
