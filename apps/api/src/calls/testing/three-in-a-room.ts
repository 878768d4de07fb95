import type { CallDto, CallJoinedDto, MediaUpdateDto, RingDto } from '@webcall/contracts';
import type { Participant } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import type { MemoryPerson } from '../../rooms/testing/memory-rooms';
import { CallsInMemory } from './calls-in-memory';
import type { Device } from './device';

/** Within which time a `LeaseKeeper` notices that a lease has expired, in ms. */
export const LEASE_EXPIRY_NOTICE = 1001;

/** A room owned by Anna with the members Boris and Clara, each with one device; its call has not started. */
export class ThreeInARoom {
  roomId!: string;
  anna!: MemoryPerson;
  boris!: MemoryPerson;
  clara!: MemoryPerson;
  a!: Device;
  b!: Device;
  c!: Device;
  /** Id of the ring that `ring` starts and `answer` answers. */
  ringId!: string;

  private constructor(readonly all: CallsInMemory) {}

  /** Registers hooks that create the room and its devices for each test. */
  static prepareEachTest(): ThreeInARoom {
    const three = new ThreeInARoom(CallsInMemory.registerTestHooks());
    beforeEach(() => three.createRoomAndDevices());
    return three;
  }

  join = (device: Device, media?: MediaUpdateDto): Promise<CallJoinedDto> =>
    device.requestCommand('call:join', { roomId: this.roomId, media });

  resume = (device: Device, { participantId, resumeKey }: CallJoinedDto): Promise<CallJoinedDto> =>
    device.requestCommand('call:resume', { roomId: this.roomId, participantId, resumeKey });

  call = async (device: Device = this.a): Promise<CallDto | null> =>
    (await device.requestCommand('call:get', { roomId: this.roomId })).call;

  participants = async (): Promise<Participant[]> => (await this.call())?.participants ?? [];

  ring = async (caller: Device, ...people: MemoryPerson[]): Promise<RingDto[]> => {
    const userIds = people.map(({ id }) => id);
    return (await caller.requestCommand('ring:start', { roomId: this.roomId, id: this.ringId, userIds })).rings;
  };

  answer = async (device: Device, how: 'ring:accept' | 'ring:decline' | 'ring:hold'): Promise<RingDto> =>
    (await device.requestCommand(how, { roomId: this.roomId, ringId: this.ringId })).ring;

  private createRoomAndDevices(): void {
    const { rooms } = this.all;
    this.ringId = randomUUID();
    [this.anna, this.boris, this.clara] = [
      rooms.createPerson('anna'),
      rooms.createPerson('boris'),
      rooms.createPerson('clara'),
    ];
    this.roomId = rooms.createMemoryRoom(this.anna);
    for (const person of [this.boris, this.clara]) rooms.addRoomMember(this.roomId, person);
    [this.a, this.b, this.c] = [
      this.all.connectDevice(this.anna),
      this.all.connectDevice(this.boris),
      this.all.connectDevice(this.clara),
    ];
  }
}
