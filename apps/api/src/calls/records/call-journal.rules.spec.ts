import { Logger } from '@nestjs/common';
import { CallTransitions } from '../core/call-transitions';
import { LEASE_EXPIRY_NOTICE, ThreeInARoom } from '../testing/three-in-a-room';
import { RECORD_TIMEOUT_MS } from './call-times';

const three = ThreeInARoom.prepareEachTest();
const { join } = three;
const unavailable = new Error('the database is unavailable');

describe('the row of a participant', () => {
  beforeEach(() => jest.spyOn(Logger.prototype, 'warn').mockReturnValue());
  afterEach(() => jest.restoreAllMocks());

  const rowOf = (id: string) => three.all.calls.participants.find((row) => row.id === id);

  it('gets the time of leaving later if it could not be written at once, and it is that time', async () => {
    const { all, a, b } = three;
    await join(a);
    const { participantId } = await join(b);
    const write = jest.spyOn(all.calls, 'markParticipantLeft').mockRejectedValueOnce(unavailable);
    const leftAt = Date.now();
    await b.requestCommand('call:leave', {});
    expect(rowOf(participantId)).toMatchObject({ leftAt: null });
    await all.advanceTime(RECORD_TIMEOUT_MS + LEASE_EXPIRY_NOTICE);
    expect(rowOf(participantId)).toMatchObject({ leftAt });
    await all.advanceTime(10 * RECORD_TIMEOUT_MS);
    expect(write).toHaveBeenCalledTimes(2);
  });

  it('gets it although the lease of the seat could not be released', async () => {
    const { all, a, b } = three;
    await join(a);
    const { participantId } = await join(b);
    const release = jest.spyOn(all.getProvider(CallTransitions)['keeper'], 'releaseKeptLease');
    release.mockRejectedValueOnce(new Error('the store is away'));
    await b.requestCommand('call:leave', {});
    expect(rowOf(participantId)).toMatchObject({ leftAt: Date.now() });
  });

  it('of the last one gets it with the end of the call', async () => {
    const { all, a } = three;
    const { participantId } = await join(a);
    const leftAt = Date.now();
    all.entries.isUnavailable = true;
    await a.requestCommand('call:leave', {});
    all.entries.isUnavailable = false;
    await all.advanceTime(RECORD_TIMEOUT_MS + LEASE_EXPIRY_NOTICE);
    expect(rowOf(participantId)).toMatchObject({ leftAt });
    expect(all.calls.calls).toMatchObject([{ endedAt: leftAt }]);
  });
});
