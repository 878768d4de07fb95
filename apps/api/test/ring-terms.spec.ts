import { randomUUID } from 'node:crypto';
import { RingTerms } from '../src/calls/ring-terms';
import { describeRings } from './support/ringing';

describeRings('the time of rings', (it) => {
  it('runs no longer than they go on, and not at all for those that are refused', async ({
    servers: { near },
    anna,
    boris,
    clara,
    roomId,
    a,
    b,
    c,
  }) => {
    const running = (): Promise<string[][]> =>
      near.app.get(RingTerms, { strict: false }).leases.members([anna.id, boris.id, clara.id]);
    const start = async (): Promise<{ roomId: string; ringId: string }> => {
      const ref = { roomId, ringId: randomUUID() };
      await a.ask('ring:start', { roomId, id: ref.ringId });
      expect((await running()).flat()).toHaveLength(2);
      return ref;
    };
    await a.ask('ring:cancel', await start());
    expect(await running()).toEqual([[], [], []]);
    const ref = await start();
    await b.ask('ring:decline', ref);
    await c.ask('ring:accept', ref);
    expect(await running()).toEqual([[], [], [`${roomId} ${ref.ringId}`]]);
    await c.ask('call:join', { roomId });
    expect(await running()).toEqual([[], [], []]);
    await anna.rest.patch(`/rooms/${roomId}`, { door: 'locked' });
    expect(await c.refusal('ring:start', { roomId })).toBe('room_locked');
    await near.db.query('UPDATE users SET do_not_disturb = true WHERE id = $1', [boris.id]);
    await a.ask('ring:start', { roomId });
    expect(await running()).toEqual([[], [], []]);
  });

  it('is no longer when an answer is refused, or said again', async ({
    servers: { far },
    boris,
    roomId,
    id,
    a,
    b,
    device,
    ring,
    answer,
  }) => {
    const phone = await device(boris, far);
    await ring(a, boris);
    await answer(b, 'ring:accept');
    const started = jest.spyOn(far.app.get(RingTerms, { strict: false }), 'start');
    expect(await phone.refusal('ring:accept', { roomId, ringId: id })).toBe('ring_over');
    expect(await phone.refusal('ring:accept', { roomId, ringId: randomUUID() })).toBe('ring_not_found');
    await answer(b, 'ring:accept');
    expect(started).not.toHaveBeenCalled();
    started.mockRestore();
  });
});
