import type { ExecutionContext } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { ConnectedSocket, MessageBody } from '@nestjs/websockets';
import { CallJoinDto, RoomRefDto, SOCKET_COMMANDS, type SocketCommandName } from '@webcall/contracts';
import type { LimitBudgets } from '../throttling/limit-budgets';
import type { CommandLimitName } from '../throttling/limits';
import { Command } from './command';
import { CommandLimitGuard } from './command-limit.guard';
import { REALTIME_GATEWAY, RealtimeGateway } from './realtime-gateway';
import type { ServerSocket } from './server-socket';
import { commandsOfGateway, SocketCommands } from './socket-commands';

/** Declares a command as `@Command` does at a method. Nothing here is ever called. */
function declareCommand(
  gateway: { prototype: object },
  name: SocketCommandName,
  rules?: Parameters<typeof Command>[1],
): void {
  const method = { value: (): Promise<never> => Promise.reject(new Error('not called')) };
  const key = `handle${Object.getOwnPropertyNames(gateway.prototype).length}`;
  // As in a class: its methods exist before they are decorated.
  Object.defineProperty(gateway.prototype, key, method);
  Command(name, rules)(gateway.prototype, key, method);
}

/** A gateway without the guard and the filter, which need the whole server. */
function newGateway(names: readonly SocketCommandName[]): new () => object {
  class Gateway {}
  Reflect.defineMetadata(REALTIME_GATEWAY, true, Gateway);
  for (const name of names) declareCommand(Gateway, name);
  return Gateway;
}

async function bootWith(...gateways: (new () => object)[]): Promise<SocketCommands> {
  const module = { module: class Root {}, imports: [DiscoveryModule], providers: [SocketCommands, ...gateways] };
  const options = { logger: false, abortOnError: false } as const;
  return (await NestFactory.createApplicationContext(module, options)).get(SocketCommands);
}

describe('at boot', () => {
  it('the commands of all gateways are known with their order', async () => {
    const gateway = newGateway(SOCKET_COMMANDS.filter((name) => name !== 'call:join'));
    const other = newGateway([]);
    declareCommand(other, 'call:join', { ordered: true });
    const commands = await bootWith(gateway, other);
    expect(SOCKET_COMMANDS.filter((name) => commands.isOrderedCommand(name))).toEqual(['call:join']);
  });

  it('a command of the contract without a handler is refused', async () => {
    const boot = bootWith(newGateway(SOCKET_COMMANDS.filter((name) => name !== 'call:join')));
    await expect(boot).rejects.toThrow('call:join has 0 handlers instead of one.');
  });

  it('a command with two handlers is refused', async () => {
    const boot = bootWith(newGateway(SOCKET_COMMANDS), newGateway(['ring:list']));
    await expect(boot).rejects.toThrow('ring:list has 2 handlers instead of one.');
  });

  it('a handler without a command of the contract is refused', async () => {
    const boot = bootWith(newGateway([...SOCKET_COMMANDS, 'call:dance' as SocketCommandName]));
    await expect(boot).rejects.toThrow(/Gateway\.handle\d+ handles call:dance, which is not in the contract\./);
  });

  it.each(['socket:none', 'toString'] as string[] as CommandLimitName[])(
    'a handler with the limit %s is refused',
    async (limit) => {
      const gateway = newGateway(SOCKET_COMMANDS.filter((name) => name !== 'call:join'));
      declareCommand(gateway, 'call:join', { limit });
      await expect(bootWith(gateway)).rejects.toThrow(`has the limit ${limit}, which does not exist.`);
    },
  );

  it('a handler outside the gateways, where no guard counts it, is refused', async () => {
    class NoGateway {}
    declareCommand(NoGateway, 'call:join');
    const boot = bootWith(newGateway(SOCKET_COMMANDS.filter((name) => name !== 'call:join')), NoGateway);
    await expect(boot).rejects.toThrow('NoGateway is not a @RealtimeGateway.');
  });
});

describe('@Command', () => {
  @RealtimeGateway()
  class Example {
    @Command('call:leave', { ordered: true, limit: 'socket:status' })
    handleCallLeave(@ConnectedSocket() _: ServerSocket) {}

    @Command('call:get')
    async handleCallGet() {
      return { call: null };
    }
  }

  /** What the types refuse: the type check fails if any of these lines has no error. */
  class Refused {
    // @ts-expect-error the contract has no such command
    @Command('call:dance')
    handleUnknown() {}

    // @ts-expect-error the limits have no such name
    @Command('call:leave', { limit: 'socket:none' })
    handleUnlimited() {}

    // @ts-expect-error a limit of requests is not one of commands
    @Command('call:leave', { limit: 'login' })
    handleAsRequest() {}

    // @ts-expect-error the contract promises the call
    @Command('call:get')
    async handleWithoutAnswer() {}

    // @ts-expect-error the contract promises a version
    @Command('call:update')
    async handleWithAnotherAnswer() {
      return { seq: 1 };
    }

    // @ts-expect-error the payload has no resume key
    @Command('call:leave')
    handleAnotherPayload(
      @ConnectedSocket() _: ServerSocket,
      @MessageBody() _body: RoomRefDto & { resumeKey: string },
    ) {}

    // @ts-expect-error what is sent may be without media
    @Command('call:end')
    handleMoreThanSent(@ConnectedSocket() _: ServerSocket, @MessageBody() _body: Required<CallJoinDto>) {}
  }

  it('notes order and limit at the handler, which by default is neither ordered nor limited on its own', () => {
    expect(commandsOfGateway(Example)).toEqual([
      {
        name: 'call:leave',
        ordered: true,
        limits: ['socket:status'],
        gateway: Example,
        method: 'handleCallLeave',
      },
      { name: 'call:get', ordered: false, limits: ['socket:any'], gateway: Example, method: 'handleCallGet' },
    ]);
  });

  it('takes and answers only what the contract says', () => {
    expect(commandsOfGateway(Refused)).toHaveLength(7);
  });

  it('has the guard count a command by its own name and user, whether the storage answers at once or later', async () => {
    const spendBudget = jest.fn<Promise<void> | undefined, unknown[]>();
    const guard = new CommandLimitGuard({ spendBudget } as unknown as LimitBudgets);
    const socket = { data: { principal: { userId: 'anna' } } };
    const contextOf = (method: string): ExecutionContext =>
      ({
        getHandler: () => Reflect.get(Example.prototype, method) as object,
        switchToWs: () => ({ getClient: () => socket }),
      }) as unknown as ExecutionContext;
    expect(guard.canActivate(contextOf('handleCallLeave'))).toBe(true);
    expect(spendBudget).toHaveBeenLastCalledWith(1, ['socket:status', 'call:leave:anna']);
    spendBudget.mockReturnValueOnce(Promise.resolve());
    await expect(guard.canActivate(contextOf('handleCallGet'))).resolves.toBe(true);
    expect(spendBudget).toHaveBeenLastCalledWith(1, ['socket:any', 'call:get:anna']);
    const refusal = new Error('refused');
    spendBudget.mockReturnValueOnce(Promise.reject(refusal));
    await expect(guard.canActivate(contextOf('handleCallGet'))).rejects.toBe(refusal);
  });
});
