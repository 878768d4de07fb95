import { randomUUID } from 'node:crypto';
import type { CallDto, CallJoinedDto, MediaUpdateDto, RingDto } from '@webcall/contracts';
import type { Participant } from '@webcall/domain';
import type { Person } from '../../rooms/testing/memory-rooms';
import { CallsInMemory } from './calls-in-memory';
import type { Device } from './device';

/** Within which time keepers of leases notice that one has run out, in ms. */
export const NOTICE = 1001;

/** A room of Anna's, with Boris and Clara, each of whom has a device; nobody is in its call yet. */
export class ThreeInARoom {
  roomId!: string;
  anna!: Person;
  boris!: Person;
  clara!: Person;
  a!: Device;
  b!: Device;
  c!: Device;
  /** Id of the ring that a test is about. */
  ringId!: string;

  private constructor(readonly all: CallsInMemory) {}

  /** Declares the hooks that bring them together for each test. */
  static use(): ThreeInARoom {
    const three = new ThreeInARoom(CallsInMemory.use());
    beforeEach(() => three.begin());
    return three;
  }

  join = (device: Device, media?: MediaUpdateDto): Promise<CallJoinedDto> =>
    device.ask('call:join', { roomId: this.roomId, media });

  resume = (device: Device, { participantId, resumeKey }: CallJoinedDto): Promise<CallJoinedDto> =>
    device.ask('call:resume', { roomId: this.roomId, participantId, resumeKey });

  call = async (device: Device = this.a): Promise<CallDto | null> =>
    (await device.ask('call:get', { roomId: this.roomId })).call;

  participants = async (): Promise<Participant[]> => (await this.call())?.participants ?? [];

  ring = async (caller: Device, ...people: Person[]): Promise<RingDto[]> => {
    const userIds = people.map(({ id }) => id);
    return (await caller.ask('ring:start', { roomId: this.roomId, id: this.ringId, userIds })).rings;
  };

  answer = async (device: Device, how: 'ring:accept' | 'ring:decline' | 'ring:hold'): Promise<RingDto> =>
    (await device.ask(how, { roomId: this.roomId, ringId: this.ringId })).ring;

  private begin(): void {
    const { rooms } = this.all;
    this.ringId = randomUUID();
    [this.anna, this.boris, this.clara] = [rooms.newPerson('anna'), rooms.newPerson('boris'), rooms.newPerson('clara')];
    this.roomId = rooms.newRoom(this.anna);
    for (const person of [this.boris, this.clara]) rooms.bringIn(this.roomId, person);
    [this.a, this.b, this.c] = [this.all.device(this.anna), this.all.device(this.boris), this.all.device(this.clara)];
  }
}
