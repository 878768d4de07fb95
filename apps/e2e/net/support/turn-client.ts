import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6 } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How a client reaches the TURN server. */
export type Way = 'udp' | 'tcp' | 'tls';

/** What the server answered: the attributes, and an error's number or 0. */
interface Answer {
  error: number;
  attributes: Map<number, Buffer>;
}

interface Wire {
  send(message: Buffer): void;
  close(): void;
}

const COOKIE = Buffer.from('2112a442', 'hex');
const METHOD = { allocate: 0x003, permit: 0x008 } as const;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  peer: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  family: 0x0017,
  transport: 0x0019,
  software: 0x8022,
} as const;

/** The little of TURN (RFC 8656) that shows whom a server lets in, and where it would relay to. */
export class TurnClient {
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private login: { username: string; key: Buffer; realm: Buffer; nonce: Buffer } | undefined;
  private wire!: Wire;
  /** What the server calls itself. */
  software: string | undefined;

  static async connect(way: Way, host: string, port: number): Promise<TurnClient> {
    const client = new TurnClient();
    client.wire = await open(way, host, port, (message) => client.take(message));
    return client;
  }

  /** Asks for a relayed address. @returns 0, or the number of the error that the server answered with. */
  async allocate(username: string, password: string, family: 4 | 6 = 4): Promise<number> {
    const wanted: [number, Buffer][] = [
      [ATTRIBUTE.transport, Buffer.from([17, 0, 0, 0])],
      [ATTRIBUTE.family, Buffer.from([family === 6 ? 2 : 1, 0, 0, 0])],
    ];
    const refused = await this.ask(METHOD.allocate, wanted);
    const realm = refused.attributes.get(ATTRIBUTE.realm);
    const nonce = refused.attributes.get(ATTRIBUTE.nonce);
    if (refused.error !== 401 || !realm || !nonce) return refused.error;
    const key = createHash('md5').update(`${username}:${realm.toString()}:${password}`).digest();
    this.login = { username, key, realm, nonce };
    return (await this.ask(METHOD.allocate, wanted)).error;
  }

  /** Asks to relay to an address. @returns 0, or the number of the error. */
  async permit(peer: string): Promise<number> {
    return (await this.ask(METHOD.permit, [[ATTRIBUTE.peer, Buffer.alloc(0)]], peer)).error;
  }

  close(): void {
    this.wire.close();
  }

  private ask(method: number, wanted: [number, Buffer][], peer?: string): Promise<Answer> {
    const id = randomBytes(12);
    const attributes = wanted.map(([type, value]) =>
      attribute(type, type === ATTRIBUTE.peer && peer ? xorAddress(peer, id) : value),
    );
    if (this.login) {
      const { username, realm, nonce } = this.login;
      attributes.push(attribute(ATTRIBUTE.username, Buffer.from(username)));
      attributes.push(attribute(ATTRIBUTE.realm, realm), attribute(ATTRIBUTE.nonce, nonce));
    }
    const body = Buffer.concat(attributes);
    const head = (more: number): Buffer => {
      const numbers = Buffer.alloc(4);
      numbers.writeUInt16BE(method, 0);
      numbers.writeUInt16BE(body.length + more, 2);
      return Buffer.concat([numbers, COOKIE, id]);
    };
    let message = Buffer.concat([head(0), body]);
    if (this.login) {
      const signed = Buffer.concat([head(24), body]);
      const integrity = createHmac('sha1', this.login.key).update(signed).digest();
      message = Buffer.concat([signed, attribute(ATTRIBUTE.integrity, integrity)]);
    }
    return new Promise((resolve) => {
      this.waiting.set(id.toString('hex'), resolve);
      this.wire.send(message);
    });
  }

  private take(message: Buffer): void {
    const attributes = new Map<number, Buffer>();
    for (let at = 20; at + 4 <= message.length;) {
      const length = message.readUInt16BE(at + 2);
      attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
      at += 4 + length + padding(length);
    }
    this.software ??= attributes.get(ATTRIBUTE.software)?.toString();
    const error = attributes.get(ATTRIBUTE.error);
    const id = message.subarray(8, 20).toString('hex');
    this.waiting.get(id)?.({ error: error ? error.readUInt8(2) * 100 + error.readUInt8(3) : 0, attributes });
    this.waiting.delete(id);
  }
}

async function open(way: Way, host: string, port: number, take: (message: Buffer) => void): Promise<Wire> {
  if (way === 'udp') {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4').on('message', take);
    await new Promise<void>((resolve) => socket.connect(port, host, resolve));
    return { send: (message) => socket.send(message), close: () => socket.close() };
  }
  // The certificate is thrown away with the test; whether TLS carries TURN is what counts.
  const socket = way === 'tls' ? connectTls({ host, port, rejectUnauthorized: false }) : connectTcp({ host, port });
  await new Promise<void>((resolve, reject) => {
    socket.once(way === 'tls' ? 'secureConnect' : 'connect', resolve).once('error', reject);
  });
  let rest = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 20 && rest.length >= 20 + rest.readUInt16BE(2)) {
      const end = 20 + rest.readUInt16BE(2);
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
  return { send: (message) => socket.write(message), close: () => socket.destroy() };
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

/** Port 9, discard, masked as the RFC wants it. */
function xorAddress(address: string, id: Buffer): Buffer {
  const bytes = isIPv6(address) ? ipv6(address) : Buffer.from(address.split('.').map(Number));
  const mask = Buffer.concat([COOKIE, id]);
  const head = Buffer.from([0, bytes.length === 16 ? 2 : 1, 0 ^ (mask[0] ?? 0), 9 ^ (mask[1] ?? 0)]);
  return Buffer.concat([head, bytes.map((byte, i) => byte ^ (mask[i] ?? 0))]);
}

function ipv6(address: string): Buffer {
  // The URL parser writes an embedded IPv4 address in hexadecimal and shortens the rest.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [front = '', back = ''] = plain.split('::');
  const words = (text: string): string[] => (text ? text.split(':') : []);
  const missing = Math.max(0, 8 - words(front).length - words(back).length);
  const all = [...words(front), ...Array.from({ length: missing }, () => '0'), ...words(back)];
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex');
}
