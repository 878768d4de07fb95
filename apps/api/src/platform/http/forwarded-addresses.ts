import type { IncomingMessage, Server } from 'node:http';
import { isIP } from 'node:net';

/** `203.0.113.8:5001`, and `[2001:db8::1]` with a port or without. A bare IPv6 address fits neither. */
const WITH_PORT = /^(?:([\d.]+):\d*|\[(.+)\](?::\d*)?)$/;

/** @returns an entry of `X-Forwarded-For` as a plain address; as it is when there is none in it */
export function withoutPort(entry: string): string {
  const [, v4, v6] = WITH_PORT.exec(entry) ?? [];
  const address = v4 ?? v6 ?? '';
  return isIP(address) ? address : entry;
}

/**
 * Some proxies write the port of the connection behind an address. It changes with each connection: whoever counted it
 * would count nothing, and a proxy named with one would not be known as trusted. So the header holds plain addresses
 * before anything reads it, of requests and of sockets alike. To be called when the sockets are attached to the server:
 * they hand on what came for others only after their own look.
 */
export function readPlainAddresses(server: Server): void {
  const strip = ({ headers }: IncomingMessage): void => {
    const header = headers['x-forwarded-for'];
    // Node joins repeated ones.
    if (typeof header !== 'string') return;
    headers['x-forwarded-for'] = header
      .split(',')
      .map((entry) => withoutPort(entry.trim()))
      .join(', ');
  };
  server.prependListener('request', strip);
  server.prependListener('upgrade', strip);
}
