import { randomUUID } from 'node:crypto';
import { befriend, contactsOf, directRoom } from '../support/contacts';
import { newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
const { connect } = server;

interface Two {
  anna: TestUser;
  boris: TestUser;
}

/** A situation or a step between Anna and Boris. Boris must not be able to tell a block from the other steps here. */
type Story = (two: Two) => Promise<unknown>;

const contacts: Story = async ({ anna, boris }) => {
  await befriend(anna, boris);
  await directRoom(anna, boris);
};
const ask = (who: TestUser, other: TestUser) => who.rest.request('POST /contacts', { body: { userId: other.id } });
const block: Story = ({ anna, boris }) => anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
const unblock: Story = ({ anna, boris }) => anna.rest.request('DELETE /contacts/:userId/block', { userId: boris.id });
const nothing: Story = () => Promise.resolve();

/** All answers and events that Boris gets, with ids, names and times replaced by placeholders. */
async function lifeOfBoris(before: Story, step: Story, after: Story): Promise<string[]> {
  const [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
  await before({ anna, boris });
  const room = (await contactsOf(boris))[anna.id]?.roomId;
  const roomId = room ?? randomUUID();
  const [b, { rest }] = [await connect(boris), boris];
  const lines: unknown[] = [];
  await step({ anna, boris });
  const userId = anna.id;
  const look = async (): Promise<void> => {
    const found = await rest.request('GET /users', { query: { name: anna.username } });
    lines.push(await contactsOf(boris), found.body, (await rest.request('GET /rooms')).body);
  };
  const tries = [
    () => rest.request('DELETE /contacts/:userId', { userId }),
    () => rest.request('PATCH /contacts/:userId', { userId, body: { ringtone: 'bell' } }),
    () => rest.request('POST /contacts/:userId/room', { userId }),
    () => rest.request('POST /contacts/:userId/accept', { userId }),
    () => rest.request('POST /contacts/:userId/decline', { userId }),
    () => rest.request('DELETE /contacts/:userId/block', { userId }),
    () => rest.request('POST /contacts/:userId/withdraw', { userId }),
    () => ask(boris, anna),
    () => ask(boris, anna),
    () => rest.request('POST /contacts/:userId/withdraw', { userId }),
    () => rest.request('PUT /contacts/:userId/block', { userId }),
    () => ask(boris, anna),
    () => rest.request('DELETE /contacts/:userId/block', { userId }),
    () => ask(boris, anna),
  ];
  await look();
  for (const attempt of tries) {
    const { status, body } = await attempt();
    lines.push([status, body]);
    await look();
  }
  const id = randomUUID();
  lines.push(
    await b.send('room:open', { roomId }),
    await b.send('chat:send', { roomId, id, text: 'Anna?' }),
    await b.send('chat:read', { roomId, seq: 0 }),
    await b.send('chat:type', { roomId }),
    await b.send('call:join', { roomId }),
  );
  lines.push((await rest.request('GET /rooms/:roomId/members', { roomId })).body);
  await after({ anna, boris });
  await look();
  // This event comes after all earlier ones on the same socket.
  await rest.request('PATCH /preferences', { body: { ringtone: 'waves' } });
  await b.event('preferences:changed');
  const names = [anna, boris].flatMap(({ id: userId, username }, i) => [
    [userId, `id of ${i}`],
    [username, `name of ${i}`],
  ]);
  return [...lines, ...b.told].map((line) => {
    const text = JSON.stringify(line)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'some time')
      .replace(/"requestId":"[^"]*"/g, '"requestId"');
    return [...names, [roomId, 'the room']].reduce((all, [from = '', to = '']) => all.replaceAll(from, to), text);
  });
}

describe('a blocked user sees the same as', () => {
  it.each<[string, Story, Story]>([
    [
      'a contact who is removed',
      contacts,
      ({ anna, boris }) => anna.rest.request('DELETE /contacts/:userId', { userId: boris.id }),
    ],
    ['a stranger', nothing, nothing],
    ['one whose request stays without an answer', ({ anna, boris }) => ask(boris, anna), nothing],
    [
      'one who is asked no longer',
      ({ anna, boris }) => ask(anna, boris),
      ({ anna, boris }) => anna.rest.request('POST /contacts/:userId/withdraw', { userId: boris.id }),
    ],
  ])('as %s', async (_, before, harmless) => {
    const plain = await lifeOfBoris(before, harmless, nothing);
    expect(await lifeOfBoris(before, block, nothing)).toEqual(plain);
    expect(await lifeOfBoris(before, block, unblock)).toEqual(plain);
  });
});

describe('the view of a contact', () => {
  it('has the time of the last change that the viewer saw, not of one that only the other user saw', async () => {
    const [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
    const since = async (): Promise<string | undefined> => (await contactsOf(boris))[anna.id]?.since;
    await block({ anna, boris });
    const { body } = await ask(boris, anna);
    await unblock({ anna, boris });
    await block({ anna, boris });
    expect(await since()).toBe(body.since);
    await unblock({ anna, boris });
    expect(await since()).toBe(body.since);
    const asked = (await contactsOf(anna))[boris.id];
    expect(asked?.relation).toBe('asked');
    expect(Date.parse(asked?.since ?? '')).toBeGreaterThan(Date.parse(body.since));
  });
});
