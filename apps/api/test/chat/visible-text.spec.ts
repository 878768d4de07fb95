import { randomUUID } from 'node:crypto';
import { rest, type RestResponse } from '../support/rest';
import type { TestSocket } from '../support/sockets';
import { newCode, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let anna: TestUser;
let roomId: string;
let socket: TestSocket;

beforeEach(async () => {
  anna = await newUser(server);
  roomId = (await newRoom(anna)).id;
  socket = await server.connect(anna);
});

const outcome = ({ status, body }: RestResponse): string | number => body?.error?.code ?? status;
const pile = `a${'\u0301'.repeat(1200)}`;
const hidden = ['\u200B', '\u3164', '\u2800', '\u2060', '\u202E', '\u00AD', '\u{1D159}', '\uFFFC'];
const unsendable = [...hidden, 'a\0b', 'a\u001Bb', pile, pile.replaceAll('\u0301', '\u0301\u200D')];
const unnamable = [...hidden, 'a\0b', pile, 'an\u200Dna', 'anna\u200C', 'a\u202Eb', '👍\u200Dx', 'а\u200Cнна'];
const joined = ['علی\u200Cرضا', '🏳️\u200D🌈', 'ශ්\u200Dරී', 'Anna ❤️'];

describe('a message that nobody would see, or that paints over others', () => {
  it.each(unsendable.map((text) => [text]))('is refused when it is sent, and as an edit: %j', async (text) => {
    const id = randomUUID();
    expect(await socket.ask('chat:send', { roomId, id, text: 'seen' })).toMatchObject({ ok: true });
    expect(await socket.refusal('chat:send', { roomId, id: randomUUID(), text })).toBe('invalid_input');
    expect(await socket.refusal('chat:edit', { roomId, id, text })).toBe('invalid_input');
    const { messages } = (await anna.rest.request('GET /rooms/:roomId/messages', { roomId })).body;
    expect(messages.map(({ content }) => content)).toEqual([{ type: 'text', text: 'seen' }]);
  });

  it('is another one with joiners inside letters and emoji', async () => {
    for (const text of [
      ...joined,
      '👩\u200D👩\u200D👧',
      'A\u0309\u0302b\n\tc',
      '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
    ])
      expect(await socket.ask('chat:send', { roomId, id: randomUUID(), text })).toMatchObject({ ok: true });
  });
});

describe('a name', () => {
  const nameRoom = (name: string) => anna.rest.request('POST /rooms', { body: { name, visibility: 'private' } });
  const renameRoom = (name: string) => anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { name } });

  it('of a guest or a room has no joiner but where its script or an emoji needs it', async () => {
    const code = await newCode(anna, roomId, { role: 'guest' });
    const come = (name: string) => rest(server.url).request('POST /invitations/:code/guest', { code, body: { name } });
    for (const name of unnamable)
      expect([name, outcome(await come(name)), outcome(await nameRoom(name)), outcome(await renameRoom(name))]).toEqual(
        [name, 'invalid_input', 'invalid_input', 'invalid_input'],
      );
    for (const name of joined)
      expect([name, outcome(await come(name)), outcome(await nameRoom(name)), outcome(await renameRoom(name))]).toEqual(
        [name, 201, 201, 200],
      );
  });

  it.each(['admin 👨\u200D👩', 'А\uFE0Fдмин', 'Admin ❤️'])(
    'of a guest cannot hide a reserved one: %j',
    async (name) => {
      const code = await newCode(anna, roomId, { role: 'guest' });
      const body = { name };
      const answer = await rest(server.url).request('POST /invitations/:code/guest', { code, body });
      expect(['name_reserved', 'invalid_input']).toContain(outcome(answer));
    },
  );
});
