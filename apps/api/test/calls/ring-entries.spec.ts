import { describeRings } from '../support/ringing';

// What could not be written is tried again soon, so that nobody has to wait; writing it twice changes nothing.
jest.mock('../../src/calls/records/call-times', () => ({
  ...jest.requireActual<object>('../../src/calls/records/call-times'),
  NOTE_PATIENCE: 300,
}));

describeRings('the entries of rings', (it) => {
  it('leave entries that are nobody’s to change', async ({ boris, roomId, a, b, c, ring, answer, messages, entry }) => {
    await ring(a, boris);
    await answer(b, 'ring:decline');
    await entry(c, 'ring');
    const [{ id: entered } = { id: '' }] = await messages();
    expect(await a.refusal('chat:edit', { roomId, id: entered, text: 'No' })).toBe('forbidden');
    expect(await a.refusal('chat:delete', { roomId, id: entered })).toBe('forbidden');
    expect(await b.refusal('chat:delete', { roomId, id: entered })).toBe('forbidden');
    expect(await a.refusal('chat:send', { roomId, id: entered, text: 'No' })).toBe('id_taken');
    expect((await messages()).map(({ content }) => content.type)).toEqual(['ring']);
  });

  it('are entered also when somebody has used their id for a message before', async ({
    boris,
    roomId,
    id,
    a,
    b,
    c,
    ring,
    answer,
    entry,
    messages,
  }) => {
    await ring(a, boris);
    await c.ask('chat:send', { roomId, id, text: 'Mine' });
    await answer(b, 'ring:decline');
    await entry(c, 'ring');
    expect((await messages()).map(({ content }) => content.type)).toEqual(['text', 'ring']);
  });

  it('are no news for whoever declined, and for the caller', async ({
    anna,
    boris,
    clara,
    roomId,
    a,
    b,
    c,
    ring,
    answer,
    entry,
  }) => {
    await ring(a, boris);
    await answer(b, 'ring:decline');
    await entry(c, 'ring');
    const unread = [anna, boris, clara].map(async ({ rest }) => (await rest.get(`/rooms/${roomId}`)).body.unread);
    expect(await Promise.all(unread)).toEqual([0, 0, 1]);
  });

  it('are entered once, whoever sees them end at the same moment', async ({
    boris,
    clara,
    a,
    b,
    c,
    ring,
    answer,
    entry,
    messages,
  }) => {
    await ring(a, boris, clara);
    await Promise.all([answer(b, 'ring:decline'), answer(c, 'ring:decline')]);
    const { callees } = await entry(c, 'ring', (content) => content.callees.length === 2);
    expect(callees.map(({ status }) => status)).toEqual(['declined', 'declined']);
    expect(await messages()).toHaveLength(1);
  });

  it('are entered later when the database cannot do it at once', async ({
    servers: { near },
    boris,
    a,
    b,
    c,
    ring,
    answer,
    entry,
    rows,
  }) => {
    await ring(a, boris);
    await near.db.query('ALTER TABLE messages RENAME TO messages_away');
    expect(await answer(b, 'ring:decline')).toMatchObject({ status: 'declined' });
    expect(await rows()).toMatchObject([{ status: 'ringing' }]);
    await near.db.query('ALTER TABLE messages_away RENAME TO messages');
    expect((await entry(c, 'ring')).callees).toMatchObject([{ userId: boris.id, status: 'declined' }]);
    expect(await rows()).toMatchObject([{ status: 'declined', over: true }]);
  });
});
