import type { MessagesDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { MessageAnnouncer } from '../../src/chat/message-announcer';
import { RoomEntries } from '../../src/chat/room-entries';
import { EventBus } from '../../src/platform/events/event-bus';
import { MemberDepartures } from '../../src/rooms/members/member-departures';
import { befriend } from '../support/contacts';
import { rest } from '../support/rest';
import { bringIn, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const METRICS_TOKEN = 'token-of-the-metrics-1';
const server = useServer(() => startApp({ env: { METRICS_TOKEN } }));
let anna: TestUser;
let boris: TestUser;
let roomId: string;

beforeEach(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
  roomId = (await newRoom(anna)).id;
  await bringIn(anna, roomId, boris);
});
afterEach(() => jest.restoreAllMocks());

const messages = async (): Promise<MessagesDto['messages']> =>
  (await boris.rest.request('GET /rooms/:roomId/messages', { roomId })).body.messages;

it('erases a user in a fixed order', () => {
  expect(server.app.get(EventBus).listHandlerNames('user.erased', 'transaction')).toEqual([
    'ContactsService.deleteContactsOf',
    'MemberDepartures.deleteAllMemberships',
  ]);
});

it('erases nothing of a user when a handler in the transaction fails, and notifies nobody', async () => {
  await befriend(anna, boris);
  const socket = await server.connect(boris);
  jest
    .spyOn(server.app.get(MemberDepartures, { strict: false }), 'deleteAllMemberships')
    .mockRejectedValueOnce(new Error('the test breaks it'));
  const refused = await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } });
  expect([refused.status, refused.body.error.code]).toEqual([500, 'internal_error']);
  const { contacts } = (await boris.rest.request('GET /contacts')).body;
  expect(contacts).toEqual([expect.objectContaining({ userId: anna.id, relation: 'contact' })]);
  expect((await anna.rest.request('GET /rooms/:roomId', { roomId })).status).toBe(200);
  expect([socket.events('contact:changed'), socket.events('room:changed')]).toEqual([[], []]);
});

it('confirms a message although a handler fails after it was stored, and counts the failure', async () => {
  const socket = await server.connect(anna);
  jest.spyOn(server.app.get(MessageAnnouncer, { strict: false }), 'announcePostedMessage').mockImplementation(() => {
    throw new Error('the test breaks it');
  });
  expect(await socket.ask('chat:send', { roomId, id: randomUUID(), text: 'Stored' })).toEqual({ ok: true, seq: 1 });
  expect(await messages()).toHaveLength(1);
  const authorization = `Bearer ${METRICS_TOKEN}`;
  const { body } = await rest(server.url).send('GET', '/metrics', undefined, { authorization });
  expect(body).toMatch(
    /^webcall_event_handler_failures_total\{event="message.posted",handler="MessageAnnouncer.announcePostedMessage"\} 1$/m,
  );
});

it('tells nobody of an entry whose transaction fails at the end', async () => {
  const socket = await server.connect(boris);
  const entries = server.app.get(RoomEntries, { strict: false });
  const id = randomUUID();
  const entry = { id, authorId: anna.id, content: { type: 'call', callId: id, durationMs: 1, people: [] } } as const;
  await server.db.query(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the test breaks it'; END $$`,
  );
  await server.db.query(
    'CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()',
  );
  await expect(entries.upsertEntry(roomId, () => Promise.resolve(entry as never))).rejects.toThrow('breaks it');
  await server.db.query('DROP FUNCTION fail CASCADE');
  await entries.upsertEntry(roomId, () => Promise.resolve(entry as never));
  expect(await socket.event('chat:posted')).toMatchObject({ id, seq: 1 });
  expect(socket.events('chat:posted')).toHaveLength(1);
  expect(await messages()).toHaveLength(1);
});
