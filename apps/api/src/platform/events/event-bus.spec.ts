import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { getToken } from '@willsoto/nestjs-prometheus';
import { Counter, Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { type DomainEvents, OnEvent, OnEventInTransaction } from './domain-events';
import { EventBus } from './event-bus';

type Joined = DomainEvents['member.joined'];

const departure = { memberCount: 1, memberChanges: 3 };

const log: string[] = [];
let failing: string | undefined;
let running: EntityManager | undefined;

function note(step: string): void {
  log.push(step);
  if (failing === step) throw new Error(`${step} fails`);
}

@Injectable()
class Later {
  @OnEventInTransaction('member.joined', 20)
  async followInTransaction({ userId }: Joined, manager: EntityManager): Promise<void> {
    note(`later ${userId} in ${manager === running ? 'tx' : 'another'}`);
  }

  @OnEvent('member.joined')
  @OnEvent('member.left')
  async followCommitted({ userId }: Joined): Promise<void> {
    note(`later ${userId}`);
  }
}

@Injectable()
class Earlier {
  constructor(private readonly events: EventBus) {}

  @OnEventInTransaction('member.joined', 10)
  async leadInTransaction({ roomId, userId }: Joined, manager: EntityManager): Promise<void> {
    note(`earlier ${userId}`);
    if (userId === 'heir') return;
    await this.events.publishEvent(manager, 'member.left', { ...departure, roomId, userId: 'guest' });
  }

  @OnEvent('member.joined')
  leadCommitted({ userId }: Joined): void {
    note(`earlier committed ${userId}`);
  }
}

describe('EventBus', () => {
  let events: EventBus;
  let failures: Counter;
  let logged: jest.SpyInstance;
  const join = (userId = 'anna', after?: () => void) =>
    events.runTransaction(async (manager) => {
      await events.publishEvent(manager, 'member.joined', { roomId: 'r', userId });
      note('stored');
      after?.();
      return 'done';
    });

  beforeEach(async () => {
    log.length = 0;
    failing = undefined;
    logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    failures = new Counter({
      name: 'failures',
      help: '-',
      labelNames: ['event', 'handler'],
      registers: [new Registry()],
    });
    const transaction = async (work: (manager: EntityManager) => Promise<unknown>) => {
      running = {} as EntityManager;
      const result = await work(running);
      note('commit');
      return result;
    };
    const providers = [
      EventBus,
      Later,
      Earlier,
      { provide: 'the same one', useExisting: Later },
      { provide: DataSource, useValue: { transaction, createEntityManager: () => (running = {} as EntityManager) } },
      { provide: getToken('webcall_event_handler_failures_total'), useValue: failures },
    ];
    const module = { module: class Root {}, imports: [DiscoveryModule], providers };
    events = (await NestFactory.createApplicationContext(module, { logger: false })).get(EventBus);
  });
  afterEach(() => logged.mockRestore());

  const failureLabels = async () => (await failures.get()).values.map(({ labels, value }) => ({ ...labels, value }));

  it('runs handlers in the transaction by order, then those after the commit, event by event', async () => {
    expect(await join()).toBe('done');
    expect(log.slice(0, 4)).toEqual(['earlier anna', 'later anna in tx', 'stored', 'commit']);
    expect(log.slice(4, 6).sort()).toEqual(['earlier committed anna', 'later anna']);
    expect(log.slice(6)).toEqual(['later guest']);
  });

  it.each(['earlier anna', 'later anna in tx', 'stored', 'commit'])(
    'undoes everything, and notifies nobody, when %s fails',
    async (step) => {
      failing = step;
      await expect(join()).rejects.toThrow(`${step} fails`);
      expect(
        log.filter((line) => line.includes('committed') || line === 'later anna' || line === 'later guest'),
      ).toEqual([]);
      expect(await failureLabels()).toEqual([]);
    },
  );

  it('logs and counts a handler that fails after the commit; the others and the publisher go on', async () => {
    failing = 'later anna';
    expect(await join()).toBe('done');
    expect(log).toEqual(expect.arrayContaining(['earlier committed anna', 'later guest']));
    expect(await failureLabels()).toEqual([{ event: 'member.joined', handler: 'Later.followCommitted', value: 1 }]);
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ event: 'member.joined', handler: 'Later.followCommitted' }),
    );
  });

  it('calls a provider once that is known by several tokens, for each of its events', async () => {
    expect(events.listHandlerNames('member.joined', 'transaction')).toEqual([
      'Earlier.leadInTransaction',
      'Later.followInTransaction',
    ]);
    expect(events.listHandlerNames('member.left', 'committed')).toEqual(['Later.followCommitted']);
  });

  it('runs a single statement without a transaction when no handler needs one', async () => {
    const left = await events.runStatement(['member.left'], async (manager) => {
      await events.publishEvent(manager, 'member.left', { ...departure, roomId: 'r', userId: 'boris' });
      note('stored');
      return 'left';
    });
    expect([left, ...log]).toEqual(['left', 'stored', 'later boris']);
  });

  it('runs a single statement in a transaction as soon as a handler of one of its events needs one', async () => {
    await events.runStatement(['member.left', 'member.joined'], async (manager) => {
      note('stored');
      await events.publishEvent(manager, 'member.joined', { roomId: 'r', userId: 'heir' });
    });
    expect(log.slice(0, 4)).toEqual(['stored', 'earlier heir', 'later heir in tx', 'commit']);
  });

  it('notifies nobody of a statement that fails', async () => {
    const failed = events.runStatement(['member.left'], async (manager) => {
      await events.publishEvent(manager, 'member.left', { ...departure, roomId: 'r', userId: 'boris' });
      throw new Error('the statement fails');
    });
    await expect(failed).rejects.toThrow('the statement fails');
    expect(log).toEqual([]);
  });

  it('publishes what was committed before, with a transaction of its own if a handler needs one', async () => {
    await events.publishCommitted('member.left', { ...departure, roomId: 'r', userId: 'boris' });
    expect(log).toEqual(['later boris']);
    await events.publishCommitted('member.joined', { roomId: 'r', userId: 'heir' });
    expect(log.slice(1, 4)).toEqual(['earlier heir', 'later heir in tx', 'commit']);
  });

  it('refuses an event that was not announced and needs a transaction, or comes from outside', async () => {
    const payload = { roomId: 'r', userId: 'anna' };
    const unannounced = events.runStatement(['member.left'], (manager) =>
      events.publishEvent(manager, 'member.joined', payload),
    );
    await expect(unannounced).rejects.toThrow('needs a transaction');
    await expect(events.publishEvent({} as EntityManager, 'member.joined', payload)).rejects.toThrow('outside');
    expect(log).toEqual([]);
  });

  it('knows each transaction by itself', async () => {
    let other: EntityManager | undefined;
    await events.runTransaction(async (manager) => {
      other = manager;
    });
    await events.runTransaction(async (manager) => {
      expect(manager).not.toBe(other);
      await events.publishEvent(manager, 'member.joined', { roomId: 'r', userId: 'heir' });
    });
    expect(log.filter((line) => line === 'commit')).toHaveLength(2);
    expect(log.at(-1)).toMatch(/heir$/);
  });
});
