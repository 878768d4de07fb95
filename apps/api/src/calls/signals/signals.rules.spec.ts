import { randomUUID } from 'node:crypto';
import type { CallJoinedDto } from '@webcall/contracts';
import { SignalDelivery } from './signal-delivery';
import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, resume } = three;
const description = { type: 'offer' as const, sdp: 'v=0\r\nwhatever: ☃' };
let seat: CallJoinedDto;

beforeEach(async () => {
  seat = await join(three.a);
  await join(three.b);
});

describe('a signal', () => {
  it('is given back when nobody acknowledges it, after four seconds and not before', async () => {
    const { all, a, b } = three;
    const { patience } = all.get(SignalDelivery);
    expect(patience).toBe(4000);
    const settled = jest.fn();
    const sent = b.refusal('signal:send', { to: seat.participantId, id: randomUUID(), description });
    void sent.then(settled);
    await all.pass(patience - 1);
    expect(a.events('signal:received')).toHaveLength(1);
    expect(settled).not.toHaveBeenCalled();
    await all.pass(1);
    expect(await sent).toBe('participant_away');
  });

  it('is given back at once while the receiver’s line is gone, and arrives when it is back', async () => {
    const { all, a, b } = three;
    const signal = { to: seat.participantId, id: randomUUID(), description };
    await a.cut();
    expect(await b.refusal('signal:send', signal)).toBe('participant_away');
    const back = all.again(a);
    back.socket.acknowledges = true;
    await resume(back, seat);
    await b.ask('signal:send', signal);
    expect(back.events('signal:received')).toMatchObject([{ id: signal.id, description }]);
  });

  it('without an id is passed on once, whether or not it is acknowledged', async () => {
    const { a, b } = three;
    await b.ask('signal:send', { to: seat.participantId, description });
    expect(a.events('signal:received')).toHaveLength(1);
  });
});
