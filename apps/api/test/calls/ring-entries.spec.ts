import type * as CallTimes from '../../src/calls/records/call-times';
import { describeRings } from '../support/ringing';

// Failed writes are retried soon, to keep these tests fast; writing an entry twice changes nothing.
jest.mock('../../src/calls/records/call-times', () => ({
  ...jest.requireActual<object>('../../src/calls/records/call-times'),
  ...({ RECORD_TIMEOUT_MS: 300 } satisfies Partial<Record<keyof typeof CallTimes, number>>),
}));

describeRings('the entries of rings', (it) => {
  it('cannot be edited or deleted by anybody', async ({ boris, roomId, a, b, c, ring, answer, messages, entry }) => {
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

  it('are written even if a message with the id of the ring exists', async ({
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

  it('are not unread for a callee who declined, and for the caller', async ({
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
    const unread = [anna, boris, clara].map(
      async ({ rest }) => (await rest.request('GET /rooms/:roomId', { roomId })).body.unread,
    );
    expect(await Promise.all(unread)).toEqual([0, 0, 1]);
  });

  it('are written once, even if several servers see the ring end at the same moment', async ({
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

  it('are written later when the database cannot do it at once', async ({
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
