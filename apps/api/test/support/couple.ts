import type { MessageDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './database';
import { atMost } from './faults/goals';
import { accepted, printRecovery } from './faults/recovery';
import type { Couple } from './replicas';

/** Time within which all commands have to be accepted again, in ms. */
const SOON = 5000;

/** Sends one command of each kind until it is accepted, prints the times, and checks the slowest one. */
export async function recovers(what: string, { roomId, a, b, seatA, seatB }: Couple): Promise<void> {
  const times = await accepted({
    'room:open': () => a.ask('room:open', { roomId }),
    'chat:send': () => a.ask('chat:send', { roomId, id: randomUUID(), text: 'Back' }),
    'chat:read': () => b.ask('chat:read', { roomId, seq: 1 }),
    'chat:type': () => b.ask('chat:type', { roomId }),
    'call:get': () => b.ask('call:get', { roomId }),
    'call:update': () => a.ask('call:update', { media: { microphone: true } }),
    'signal:send': async () => {
      const signal = { id: randomUUID(), candidate: { candidate: '' } };
      await a.ask('signal:send', { to: seatB.participantId, ...signal });
      await b.ask('signal:send', { to: seatA.participantId, ...signal });
    },
  });
  const slowest = Math.max(...Object.values(times));
  printRecovery(what, slowest);
  if (slowest > atMost(SOON)) throw new Error(`not within ${atMost(SOON)} ms: ${JSON.stringify(times)}`);
}

/** Expects that all acknowledged messages are stored once, in the order of numbers, and that both read the same. */
export async function nothingLost({ roomId, talkers }: Couple, database: Pick<TestDatabase, 'query'>): Promise<void> {
  await Promise.all(talkers.map((talker) => talker.stop()));
  const stored = await database.query<{ id: string; seq: number }>(
    'SELECT id, seq FROM messages WHERE room_id = $1 ORDER BY seq',
    [roomId],
  );
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, i) => i + 1));
  const known = new Map(stored.map(({ id, seq }) => [id, seq]));
  for (const { acked } of talkers) {
    expect(acked.length).toBeGreaterThan(10);
    expect(acked.map(({ id }) => known.get(id))).toEqual(acked.map(({ seq }) => seq));
    expect(acked.map(({ seq }) => seq)).toEqual(acked.map(({ seq }) => seq).sort((x, y) => x - y));
  }
  for (const talker of talkers) {
    const { messages } = await talker.read(stored.length);
    expect(messages.map(({ id }: MessageDto) => id)).toEqual(stored.map(({ id }) => id));
  }
}

/** Expects that nobody has left the call, and that each change was broadcast once and in order. */
export function nobodyLeft({ a, b }: Couple): void {
  for (const socket of [a, b]) {
    const changes = socket.events('call:changed');
    expect(changes.map(({ change }) => change.type)).not.toContain('left');
    expect(changes.map(({ version }) => version)).toEqual(changes.map((_, i) => (changes[0]?.version ?? 0) + i));
  }
}
