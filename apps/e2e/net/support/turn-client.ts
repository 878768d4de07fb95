import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6 } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How a client reaches the TURN server. */
export type Way = 'udp' | 'tcp' | 'tls';

/** An answer of the server: its attributes, and an error code or 0. */
interface Answer {
  error: number;
  attributes: Map<number, Buffer>;
}

interface Wire {
  send(message: Buffer): void;
  close(): void;
}

const COOKIE = Buffer.from('2112a442', 'hex');
const METHOD = { allocate: 0x003, refresh: 0x004, permit: 0x008, bind: 0x009, connect: 0x00a } as const;
/** A message without an answer. */
const SEND_INDICATION = 0x016;
const DATA_INDICATION = 0x017;
/** IP protocol numbers. */
const TRANSPORT = { tcp: 6, udp: 17 } as const;
/** The lowest channel number. */
const CHANNEL = 0x4000;
const STALE_NONCE = 438;
/** The discard port, where the peer's port does not matter. */
const SOME_PORT = 9;
const SIGNATURE_LENGTH = 24;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
  software: 0x8022,
} as const;

/** A destination for datagrams and connections. */
export interface Address {
  host: string;
  port: number;
}

/** The kind of an allocation; by default UDP over IPv4. */
interface Allocation {
  family?: 4 | 6;
  transport?: keyof typeof TRANSPORT;
}

/** A minimal TURN client (RFC 8656 and 6062) for testing whom a server accepts and where it relays to. */
export class TurnClient {
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private login: { username: string; password: string; realm: Buffer; nonce: Buffer } | undefined;
  private wire!: Wire;
  private channels = 0;
  /** The server's SOFTWARE attribute, if it sends one. */
  software: string | undefined;
  /** The relayed address of this client. */
  relayed: Address | undefined;
  /** How often the server required a new nonce. */
  renewals = 0;
  /** Texts received from peers. */
  readonly received: string[] = [];

  static async connect(way: Way, host: string, port: number): Promise<TurnClient> {
    const client = new TurnClient();
    client.wire = await open(way, host, port, (message) => client.handleMessage(message));
    return client;
  }

  /** Requests a relayed address. @returns 0, or the error code of the server */
  async allocate(
    username: string,
    password: string,
    { family = 4, transport = 'udp' }: Allocation = {},
  ): Promise<number> {
    const requested = [
      attribute(ATTRIBUTE.transport, Buffer.from([TRANSPORT[transport], 0, 0, 0])),
      attribute(ATTRIBUTE.family, Buffer.from([family === 6 ? 2 : 1, 0, 0, 0])),
    ];
    const refused = await this.ask(METHOD.allocate, () => requested);
    const realm = refused.attributes.get(ATTRIBUTE.realm);
    const nonce = refused.attributes.get(ATTRIBUTE.nonce);
    if (refused.error !== 401 || !realm || !nonce) return refused.error;
    this.login = { username, password, realm, nonce };
    const { error, attributes } = await this.ask(METHOD.allocate, () => requested);
    const relayed = attributes.get(ATTRIBUTE.relayed);
    if (relayed && family === 4) this.relayed = ipv4Address(relayed);
    return error;
  }

  /** Uses another name, password or realm from now on. */
  pretend(change: { username?: string; password?: string; realm?: string }): void {
    if (!this.login) throw new Error('nobody has signed in');
    const realm = change.realm === undefined ? this.login.realm : Buffer.from(change.realm);
    this.login = { ...this.login, ...change, realm };
  }

  /** Refreshes the allocation. @returns its new lifetime in seconds, or the error code */
  async refresh(seconds = 600): Promise<{ error: number; lifetime: number | undefined }> {
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(seconds);
    const { error, attributes } = await this.ask(METHOD.refresh, () => [attribute(ATTRIBUTE.lifetime, lifetime)]);
    return { error, lifetime: attributes.get(ATTRIBUTE.lifetime)?.readUInt32BE() };
  }

  /** Requests permission to relay to an address. @returns 0, or the error code */
  async permit(host: string): Promise<number> {
    const peer = { host, port: SOME_PORT };
    return (await this.ask(METHOD.permit, (id) => [attribute(ATTRIBUTE.peer, xorAddress(peer, id))])).error;
  }

  /** Requests a channel to an address. @returns 0, or the error code */
  async bind(host: string, port = SOME_PORT): Promise<number> {
    const channel = Buffer.alloc(4);
    channel.writeUInt16BE(CHANNEL + this.channels++);
    const makeAttributes = (id: Buffer): Buffer[] => [
      attribute(ATTRIBUTE.channel, channel),
      attribute(ATTRIBUTE.peer, xorAddress({ host, port }, id)),
    ];
    return (await this.ask(METHOD.bind, makeAttributes)).error;
  }

  /** Requests a TCP connection to an address. @returns 0, or the error code */
  async connectTcp(peer: Address): Promise<number> {
    return (await this.ask(METHOD.connect, (id) => [attribute(ATTRIBUTE.peer, xorAddress(peer, id))])).error;
  }

  /** Asks the server to send a text to a peer over UDP, which is not acknowledged. */
  send(peer: Address, text: string): void {
    const id = randomBytes(12);
    const body = [attribute(ATTRIBUTE.peer, xorAddress(peer, id)), attribute(ATTRIBUTE.data, Buffer.from(text))];
    this.wire.send(message(SEND_INDICATION, id, Buffer.concat(body)));
  }

  close(): void {
    this.wire.close();
  }

  private async ask(method: number, makeAttributes: (id: Buffer) => Buffer[]): Promise<Answer> {
    const answer = await this.askOnce(method, makeAttributes);
    const nonce = answer.attributes.get(ATTRIBUTE.nonce);
    if (answer.error !== STALE_NONCE || !this.login || !nonce) return answer;
    this.login = { ...this.login, nonce };
    this.renewals += 1;
    return this.askOnce(method, makeAttributes);
  }

  private askOnce(method: number, makeAttributes: (id: Buffer) => Buffer[]): Promise<Answer> {
    const id = randomBytes(12);
    return new Promise((resolve) => {
      this.waiting.set(id.toString('hex'), resolve);
      this.wire.send(this.signed(method, id, makeAttributes(id)));
    });
  }

  private signed(method: number, id: Buffer, attributes: Buffer[]): Buffer {
    if (!this.login) return message(method, id, Buffer.concat(attributes));
    const { username, password, realm, nonce } = this.login;
    const body = Buffer.concat([
      ...attributes,
      attribute(ATTRIBUTE.username, Buffer.from(username)),
      attribute(ATTRIBUTE.realm, realm),
      attribute(ATTRIBUTE.nonce, nonce),
    ]);
    const key = createHash('md5').update(`${username}:${realm.toString()}:${password}`).digest();
    // The signed header already includes the length of the signature.
    const signed = message(method, id, body, SIGNATURE_LENGTH);
    return Buffer.concat([signed, attribute(ATTRIBUTE.integrity, createHmac('sha1', key).update(signed).digest())]);
  }

  private handleMessage(message: Buffer): void {
    const attributes = new Map<number, Buffer>();
    for (let at = 20; at + 4 <= message.length;) {
      const length = message.readUInt16BE(at + 2);
      attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
      at += 4 + length + padding(length);
    }
    if (message.readUInt16BE(0) === DATA_INDICATION) this.received.push(String(attributes.get(ATTRIBUTE.data)));
    this.software ??= attributes.get(ATTRIBUTE.software)?.toString();
    const error = attributes.get(ATTRIBUTE.error);
    const id = message.subarray(8, 20).toString('hex');
    this.waiting.get(id)?.({ error: error ? error.readUInt8(2) * 100 + error.readUInt8(3) : 0, attributes });
    this.waiting.delete(id);
  }
}

async function open(way: Way, host: string, port: number, onMessage: (message: Buffer) => void): Promise<Wire> {
  if (way === 'udp') {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4').on('message', onMessage);
    await new Promise<void>((resolve) => socket.connect(port, host, resolve));
    return { send: (message) => socket.send(message), close: () => socket.close() };
  }
  // The certificate is made for the test; only TURN over TLS itself is tested.
  const socket = way === 'tls' ? connectTls({ host, port, rejectUnauthorized: false }) : connectTcp({ host, port });
  await new Promise<void>((resolve, reject) => {
    socket.once(way === 'tls' ? 'secureConnect' : 'connect', resolve).once('error', reject);
  });
  let rest = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 20 && rest.length >= 20 + rest.readUInt16BE(2)) {
      const end = 20 + rest.readUInt16BE(2);
      onMessage(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
  return { send: (message) => socket.write(message), close: () => socket.destroy() };
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

function message(type: number, id: Buffer, body: Buffer, more = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(body.length + more, 2);
  return Buffer.concat([head, COOKIE, id, body]);
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

/** Encodes an address with the XOR mask of the RFC. */
function xorAddress({ host, port }: Address, id: Buffer): Buffer {
  const bytes = isIPv6(host) ? ipv6(host) : Buffer.from(host.split('.').map(Number));
  const head = Buffer.from([0, bytes.length === 16 ? 2 : 1, port >> 8, port & 255]);
  return masked(head, bytes, id);
}

function masked(head: Buffer, address: Buffer, id: Buffer): Buffer {
  const mask = Buffer.concat([COOKIE, id]);
  const port = head.subarray(2).map((byte, i) => byte ^ (mask[i] ?? 0));
  return Buffer.concat([head.subarray(0, 2), port, address.map((byte, i) => byte ^ (mask[i] ?? 0))]);
}

function ipv4Address(value: Buffer): Address {
  const plain = masked(value.subarray(0, 4), value.subarray(4, 8), Buffer.alloc(0));
  return { host: [...plain.subarray(4)].join('.'), port: plain.readUInt16BE(2) };
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
