import { EventEmitter } from 'node:events';
import { PacketGathering } from './packet-gathering';
import type { ServerSocket } from './server-socket';

/** A connection like that of the engine: it keeps packets while its transport is busy, and sends them when it is ready. */
class MemoryConnection extends EventEmitter {
  readonly written: string[][] = [];
  private kept: string[] = [];
  private corked = false;
  readonly transport = Object.assign(new EventEmitter(), {
    name: 'websocket',
    writable: true,
    socket: { _socket: { cork: () => (this.corked = true), uncork: () => (this.corked = false) } },
  });

  constructor() {
    super();
    this.transport.on('ready', () => this.flush());
  }

  send(packet: string): void {
    this.emit('packetCreate', {});
    this.kept.push(packet);
    this.flush();
  }

  private flush(): void {
    if (!this.transport.writable || this.kept.length === 0) return;
    this.written.push(...(this.corked ? [this.kept] : this.kept.map((packet) => [packet])));
    this.kept = [];
  }
}

function gatheredConnection(gathering = new PacketGathering()): MemoryConnection {
  const conn = new MemoryConnection();
  gathering.gatherPackets({ conn } as unknown as ServerSocket);
  return conn;
}

const nextTurn = (): Promise<void> => new Promise((done) => setImmediate(done));

it('writes the packets of one turn at once, those of each connection in their order', async () => {
  const gathering = new PacketGathering();
  const [a, b] = [gatheredConnection(gathering), gatheredConnection(gathering)];
  a.send('posted');
  b.send('posted');
  await Promise.resolve();
  a.send('acknowledged');
  expect([a.written, b.written]).toEqual([[], []]);
  await nextTurn();
  expect([a.written, b.written]).toEqual([[['posted', 'acknowledged']], [['posted']]]);
  a.send('next');
  await nextTurn();
  expect(a.written).toEqual([['posted', 'acknowledged'], ['next']]);
});

it('writes at once what is gathered when that is asked for, and nothing twice', async () => {
  const gathering = new PacketGathering();
  const conn = gatheredConnection(gathering);
  conn.send('last words');
  gathering.writeGatheredPackets();
  expect(conn.written).toEqual([['last words']]);
  await nextTurn();
  expect(conn.written).toEqual([['last words']]);
});

it('leaves a busy transport to itself, and one that polls', async () => {
  const conn = gatheredConnection();
  conn.transport.writable = false;
  conn.send('later');
  await nextTurn();
  expect(conn.written).toEqual([]);
  conn.transport.writable = true;
  conn.transport.name = 'polling';
  conn.send('at once');
  expect(conn.written).toEqual([['later'], ['at once']]);
});
