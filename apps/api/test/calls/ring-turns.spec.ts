import type { CallDto } from '@webcall/contracts';
import { randomInt, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { CommandLimitGuard } from '../../src/platform/realtime/command-limit.guard';
import { describeRings } from '../support/ringing';

/** Delays the limit check of every command. */
function delayLooks(wait: (command: string) => Promise<void>): jest.SpyInstance {
  const look = CommandLimitGuard.prototype.canActivate;
  return jest.spyOn(CommandLimitGuard.prototype, 'canActivate').mockImplementation(async function (
    this: CommandLimitGuard,
    context,
  ) {
    await wait(context.switchToWs().getPattern());
    return look.call(this, context);
  });
}

describeRings('ring commands, run in order', (it) => {
  it('start and end a ring in the order of sending, however long each limit check takes', async ({
    boris,
    roomId,
    a,
    c,
    call,
  }) => {
    const looked = delayLooks(async () => {
      for (let turns = randomInt(20); turns > 0; turns--) await setImmediate();
    });
    try {
      for (let i = 0; i < 20; i++) {
        const ringId = randomUUID();
        const acks = await Promise.all([
          a.send('ring:start', { roomId, id: ringId, userIds: [boris.id] }),
          a.send('ring:cancel', { roomId, ringId }),
          c.send('call:join', { roomId }),
          c.send('call:leave', {}),
        ]);
        expect(acks).toEqual(acks.map(() => expect.objectContaining({ ok: true })));
        const { participants, rings } = (await call(a)) as CallDto;
        expect([participants.length, rings]).toEqual([1, [expect.objectContaining({ status: 'cancelled' })]]);
      }
    } finally {
      looked.mockRestore();
    }
  });

  it('keep the first answer to a ring, however long each limit check takes', async ({ boris, roomId, a, b }) => {
    const looked = delayLooks(async () => {
      for (let turns = randomInt(20); turns > 0; turns--) await setImmediate();
    });
    try {
      for (let i = 0; i < 12; i++) {
        const ringId = randomUUID();
        await a.ask('ring:start', { roomId, id: ringId, userIds: [boris.id] });
        const acks = await Promise.all([
          b.send('ring:hold', { roomId, ringId }),
          b.send(i % 2 ? 'ring:accept' : 'ring:decline', { roomId, ringId }),
          b.send(i % 2 ? 'ring:decline' : 'ring:accept', { roomId, ringId }),
          b.send('call:join', { roomId }),
          b.send('call:leave', {}),
        ]);
        expect(acks.map(({ ok }) => ok)).toEqual([true, true, false, true, true]);
      }
    } finally {
      looked.mockRestore();
    }
  });

  it('do not delay other commands', async ({ boris, roomId, a, ring }) => {
    let look: () => void = () => undefined;
    const looking = new Promise<void>((resolve) => (look = resolve));
    const looked = delayLooks(async (command) => {
      if (command === 'ring:start') await looking;
    });
    try {
      const rung = ring(a, boris);
      await a.ask('chat:send', { roomId, id: randomUUID(), text: 'Are you coming?' });
      look();
      expect(await rung).toMatchObject([{ status: 'ringing' }]);
    } finally {
      looked.mockRestore();
    }
  });
});
