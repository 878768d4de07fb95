import {
  CHAIN_HASH_LENGTH,
  type ChainBody,
  type ChainItem,
  signChainItem,
  type SignedChainItem,
} from '../chain/chain-item';
import { type ChainOutcome, extendChain } from '../chain/chain-rules';
import { createGroupId } from '../chain/group-id';
import { type RoomChain } from '../chain/room-chain';
import { START, type TestDevice, type TestPerson } from './people';

/** The chain of a room in a test, as one reader has it. */
export class TestChain {
  readonly items: SignedChainItem[] = [];
  time = START;
  private current: RoomChain | null = null;

  constructor(
    readonly roomId: string,
    readonly people: TestPerson[],
  ) {}

  /** @returns a chain that the device has founded */
  static async found(roomId: string, founder: TestDevice, ...others: TestPerson[]): Promise<TestChain> {
    const chain = new TestChain(roomId, [founder.person, ...others]);
    await chain.append(founder, { kind: 'founded', groupId: createGroupId(roomId, 0) });
    return chain;
  }

  get chain(): RoomChain {
    if (!this.current) throw new Error('The chain has no item yet.');
    return this.current;
  }

  /** @returns an item at the end of the chain, with what should be wrong about it */
  async sign(by: TestDevice, body: ChainBody, change: Partial<ChainItem> = {}): Promise<SignedChainItem> {
    const item: ChainItem = {
      roomId: this.roomId,
      index: this.items.length,
      previous: this.current?.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH),
      time: ++this.time,
      author: by.certified,
      body,
      ...change,
    };
    return signChainItem(item, by);
  }

  /** @returns what a reader makes of the item, without taking it */
  judge(signed: SignedChainItem): Promise<ChainOutcome> {
    return extendChain(this.roomId, this.current, signed);
  }

  /** Takes an item, which must be right. */
  async append(by: TestDevice, body: ChainBody, change: Partial<ChainItem> = {}): Promise<void> {
    const signed = await this.sign(by, body, change);
    const outcome = await this.judge(signed);
    if ('refused' in outcome) throw new Error(`The item was refused: ${outcome.refused}.`);
    this.current = outcome.chain;
    this.items.push(signed);
  }

  /** @returns what a newcomer makes of such a history */
  async replay(items: readonly SignedChainItem[]): Promise<RoomChain | null> {
    let chain: RoomChain | null = null;
    for (const signed of items) {
      const outcome: ChainOutcome = await extendChain(this.roomId, chain, signed);
      if (!('refused' in outcome)) ({ chain } = outcome);
    }
    return chain;
  }
}

/** @returns the item that lets a person in */
export function admitted({ userId, identity }: TestPerson): ChainBody {
  return { kind: 'admitted', userId, identity: identity.publicKey };
}
