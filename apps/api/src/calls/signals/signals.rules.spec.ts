import type { CallJoinedDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { ThreeInARoom } from '../testing/three-in-a-room';
import { SignalDelivery } from './signal-delivery';

const three = ThreeInARoom.prepareEachTest();
const { join, resume } = three;
const description = { type: 'offer' as const, sdp: 'v=0\r\nwhatever: ☃' };
let seat: CallJoinedDto;

beforeEach(async () => {
  seat = await join(three.a);
  await join(three.b);
});

describe('a signal', () => {
  it('is refused when nobody acknowledges it for four seconds, and not before', async () => {
    const { all, a, b } = three;
    const { acknowledgeTimeoutMs } = all.getProvider(SignalDelivery);
    expect(acknowledgeTimeoutMs).toBe(4000);
    const settled = jest.fn();
    const sent = b.requestRefusalCode('signal:send', { to: seat.participantId, id: randomUUID(), description });
    void sent.then(settled);
    await all.advanceTime(acknowledgeTimeoutMs - 1);
    expect(a.receivedEvents('signal:received')).toHaveLength(1);
    expect(settled).not.toHaveBeenCalled();
    await all.advanceTime(1);
    expect(await sent).toBe('participant_away');
  });

  it('is refused at once while the receiver is disconnected, and arrives after the reconnect', async () => {
    const { all, a, b } = three;
    const signal = { to: seat.participantId, id: randomUUID(), description };
    await a.cutConnection();
    expect(await b.requestRefusalCode('signal:send', signal)).toBe('participant_away');
    const back = all.reconnectDevice(a);
    back.socket.acknowledges = true;
    await resume(back, seat);
    await b.requestCommand('signal:send', signal);
    expect(back.receivedEvents('signal:received')).toMatchObject([{ id: signal.id, description }]);
  });

  it('without an id is passed on once, whether or not it is acknowledged', async () => {
    const { a, b } = three;
    await b.requestCommand('signal:send', { to: seat.participantId, description });
    expect(a.receivedEvents('signal:received')).toHaveLength(1);
  });
});
