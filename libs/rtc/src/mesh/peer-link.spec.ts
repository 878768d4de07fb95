import type { DescriptionDto, SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import type { Participant } from '@webcall/domain';
import { FakeConnection, fakeBrowser } from './testing/fake-connection';
import { PeerLink } from './peer-link';
import { Scope } from '@webcall/base';
import { SignalOutbox } from './signal-outbox';

/** The smaller id of the two owns the repair of an attempt. */
const ANN = 'a';
const BOB = 'b';
const silent = { microphone: false, camera: false, screen: false, screenSound: false };

describe('PeerLink', () => {
  let scope: Scope;
  let sent: SignalSendDto[];

  beforeEach(() => {
    jest.useFakeTimers();
    fakeBrowser();
    scope = new Scope();
    sent = [];
  });
  afterEach(() => {
    scope.close();
    jest.useRealTimers();
  });

  const participant = (id: string, more: Partial<Participant> = {}): Participant => ({
    ...{
      id,
      userId: id,
      name: id,
      role: 'member',
      media: silent,
      held: [],
      hand: null,
      connected: true,
      incarnation: 0,
    },
    ...more,
  });
  const pass = async (ms = 0): Promise<void> => void (await jest.advanceTimersByTimeAsync(ms));
  const newest = (): FakeConnection => {
    const connection = FakeConnection.all.at(-1);
    if (!connection) throw new Error('No connection was made');
    return connection;
  };
  const offers = (): SignalSendDto[] => sent.filter(({ description }) => description?.type === 'offer');

  /** A link of `selfId` to the other one. */
  async function link(selfId: string, offering: boolean, other = selfId === ANN ? BOB : ANN): Promise<PeerLink> {
    const outbox = new SignalOutbox(async (signal) => void sent.push(signal), scope);
    const ice = () => ({ servers: [], relayOnly: false });
    const context = { selfId, ice, local: new Map(), outbox, connected: () => true, links: () => 1 };
    const peer = new PeerLink(participant(other), offering, context, scope);
    peer.start();
    await pass();
    return peer;
  }

  const signal = (link: string | undefined, type: DescriptionDto['type']): SignalReceivedEvent => ({
    from: 'other',
    link,
    description: { type, sdp: type },
  });

  async function answer(peer: PeerLink): Promise<void> {
    peer.handleSignal(signal(offers().at(-1)?.link, 'answer'));
    await pass();
  }

  async function connected(selfId: string): Promise<PeerLink> {
    const peer = await link(selfId, true);
    await answer(peer);
    newest().become('connected');
    return peer;
  }

  it('offers as the newcomer, with the four transceivers both ways', async () => {
    await link(BOB, true);
    expect(offers()).toHaveLength(1);
    expect(newest().transceivers.map(({ direction }) => direction)).toEqual(Array(4).fill('sendrecv'));
  });

  it('waits as a member, and answers the offer with the same link both ways', async () => {
    const peer = await link(ANN, false);
    expect(FakeConnection.all).toEqual([]);
    peer.handleSignal(signal('1', 'offer'));
    await pass();
    expect(sent).toMatchObject([{ link: '1', description: { type: 'answer' } }]);
    expect(newest().transceivers.map(({ direction }) => direction)).toEqual(Array(4).fill('sendrecv'));
  });

  it('takes a candidate that overtook its offer', async () => {
    const peer = await link(ANN, false);
    peer.handleSignal({ from: BOB, link: '1', candidate: { candidate: 'early' } });
    peer.handleSignal(signal('1', 'offer'));
    await pass();
    expect(newest().candidates).toEqual(['early']);
  });

  describe('a link that does not come about', () => {
    it('is made anew by the newcomer after 15 s, under another link id', async () => {
      await link(BOB, true);
      await pass(15_000);
      expect(new Set(offers().map((offer) => offer.link)).size).toBe(2);
      expect(FakeConnection.all[0]?.signalingState).toBe('closed');
    });

    it('is left to the newcomer by the member, who steps in after 25 s', async () => {
      await link(ANN, false);
      await pass(24_000);
      expect(offers()).toHaveLength(0);
      await pass(1000);
      expect(offers()).toHaveLength(1);
    });

    it('is not made anew while the other one cannot be reached', async () => {
      const peer = await link(BOB, true);
      peer.handleParticipant(participant(ANN, { connected: false }));
      await pass(60_000);
      expect(offers()).toHaveLength(1);
      peer.handleParticipant(participant(ANN));
      await pass(15_000);
      expect(offers()).toHaveLength(2);
    });

    it('is made anew after 3 s when ICE does not begin', async () => {
      const peer = await link(BOB, true);
      await answer(peer);
      await pass(2900);
      expect(offers()).toHaveLength(1);
      await pass(200);
      expect(offers()).toHaveLength(2);
    });

    it('is given its time when ICE has begun', async () => {
      const peer = await link(BOB, true);
      await answer(peer);
      newest().become('checking');
      await pass(14_000);
      expect(offers()).toHaveLength(1);
    });
  });

  describe('a link that breaks', () => {
    it('is repaired by its owner 2 s later', async () => {
      await connected(ANN);
      newest().become('disconnected');
      await pass(1900);
      expect(newest().restarts).toBe(0);
      await pass(200);
      expect(newest().restarts).toBe(1);
      expect(offers()).toHaveLength(2);
    });

    it('is left alone when it heals by itself', async () => {
      await connected(ANN);
      newest().become('disconnected');
      await pass(1900);
      newest().become('connected');
      await pass(60_000);
      expect(newest().restarts).toBe(0);
      expect(offers()).toHaveLength(1);
    });

    it('is repaired at once when it has failed', async () => {
      await connected(ANN);
      newest().become('failed');
      await pass();
      expect(newest().restarts).toBe(1);
    });

    it('is left to its owner by the other one', async () => {
      await connected(BOB);
      newest().become('disconnected');
      await pass(5000);
      newest().become('failed');
      await pass(5000);
      expect(newest().restarts).toBe(0);
    });

    it('is repaired at once by either side whose own network changed', async () => {
      const peer = await connected(BOB);
      peer.handleOnline();
      await pass();
      expect(newest().restarts).toBe(1);
    });

    it('says how it is', async () => {
      const peer = await link(ANN, true);
      const states = [peer.state];
      peer.events.on('state', (state) => states.push(state));
      await answer(peer);
      for (const state of ['checking', 'connected', 'disconnected', 'failed', 'checking', 'connected'] as const) {
        newest().become(state);
      }
      expect(states).toEqual(['connecting', 'connected', 'interrupted', 'failed', 'interrupted', 'connected']);
    });
  });

  describe('an offer with another link id', () => {
    it('replaces the link', async () => {
      const peer = await link(ANN, false);
      peer.handleSignal(signal('1', 'offer'));
      await pass();
      peer.handleSignal(signal('2', 'offer'));
      await pass();
      expect(sent.map((s) => s.link)).toEqual(['1', '2']);
      expect(FakeConnection.all[0]?.signalingState).toBe('closed');
    });

    it('is too late when a newer one has come before it', async () => {
      const peer = await link(ANN, false);
      peer.handleSignal(signal('2', 'offer'));
      peer.handleSignal(signal('1', 'offer'));
      await pass();
      expect(sent.map((s) => s.link)).toEqual(['2']);
    });

    it('does not disturb a newcomer who waits for the first answer', async () => {
      const peer = await link(BOB, true);
      peer.handleSignal(signal('1', 'offer'));
      await pass();
      expect(FakeConnection.all).toHaveLength(1);
      expect(sent.map(({ description }) => description?.type)).toEqual(['offer']);
    });

    it('is taken up when it came before the news that its sender came back without links', async () => {
      const peer = await link(BOB, true);
      peer.handleSignal(signal('1', 'offer'));
      peer.handleParticipant(participant(ANN, { incarnation: 1 }));
      await pass();
      expect(sent.at(-1)).toMatchObject({ link: '1', description: { type: 'answer' } });
    });
  });

  it('waits for the offer of one who came back without links', async () => {
    const peer = await connected(BOB);
    peer.handleParticipant(participant(ANN, { incarnation: 1 }));
    await pass(20_000);
    expect(offers()).toHaveLength(1);
    expect(peer.state).toBe('interrupted');
  });

  it('shows what the participant says that it sends, once the link is agreed', async () => {
    const peer = await link(BOB, true);
    const shown: unknown[] = [];
    peer.events.on('media', ({ kind, track }) => shown.push([kind, track?.id ?? null]));
    peer.handleParticipant(participant(ANN, { media: { ...silent, camera: true } }));
    expect(shown).toEqual([]);
    await answer(peer);
    const id = newest().transceivers[1]?.receiver.track.id;
    peer.handleParticipant(participant(ANN));
    expect(shown).toEqual([
      ['camera', id],
      ['camera', null],
    ]);
  });

  describe('media that stand still', () => {
    const speaking = { media: { ...silent, microphone: true } };
    const arrives = (packetsReceived: number): void => {
      const trackIdentifier = newest().transceivers[0]?.receiver.track.id;
      newest().stats = [{ type: 'inbound-rtp', trackIdentifier, packetsReceived }];
    };

    async function measure(peer: PeerLink, seconds: number): Promise<void> {
      for (let i = 0; i < seconds / 2; i++) {
        await peer.measure();
        await pass(2000);
      }
    }

    it('are looked for on another path by whoever misses them, then on another connection', async () => {
      const peer = await connected(BOB);
      const mended: string[] = [];
      peer.events.on('mended', (cause) => mended.push(cause));
      peer.handleParticipant(participant(ANN, speaking));
      arrives(100);
      await measure(peer, 10);
      expect(mended).toEqual(['restarted']);
      await answer(peer);
      await measure(peer, 10);
      expect(mended).toEqual(['restarted', 'rebuilt']);
      await answer(peer);
      newest().become('connected');
      arrives(1);
      await measure(peer, 2);
      arrives(2);
      await measure(peer, 2);
      expect(mended).toEqual(['restarted', 'rebuilt', 'stalled']);
    });

    it('are not missed of one who is muted or cannot be reached', async () => {
      const peer = await connected(BOB);
      for (const more of [{}, { ...speaking, connected: false }]) {
        peer.handleParticipant(participant(ANN, more));
        await measure(peer, 20);
      }
      expect(newest().restarts).toBe(0);
    });

    it('get their time after a loss that healed by itself', async () => {
      const peer = await connected(BOB);
      peer.handleParticipant(participant(ANN, speaking));
      arrives(100);
      await measure(peer, 4);
      newest().become('disconnected');
      await measure(peer, 6);
      newest().become('connected');
      await measure(peer, 4);
      expect(newest().restarts).toBe(0);
    });

    it('are not missed of a camera that is not shown', async () => {
      const peer = await connected(BOB);
      peer.handleParticipant(participant(ANN, { media: { ...silent, camera: true } }));
      peer.show({ camera: 0, screen: 0 });
      await pass(1000);
      await measure(peer, 20);
      expect(newest().restarts).toBe(0);
    });
  });

  it('says how tall the other one is shown, also over the next connection', async () => {
    const peer = await connected(BOB);
    peer.show({ camera: 360, screen: 0 });
    newest().channel.open();
    await pass(60_000);
    newest().become('failed');
    await pass(60_000);
    newest().channel.open();
    expect(FakeConnection.all.length).toBeGreaterThan(1);
    for (const { channel } of [FakeConnection.all[0], newest()] as FakeConnection[]) {
      expect(channel.sent).toEqual(['{"v":1,"tiles":{"camera":360,"screen":0}}']);
    }
  });

  it('leaves nothing behind when it is closed', async () => {
    const peer = await link(BOB, true);
    peer.close();
    await pass(60_000);
    expect(newest().signalingState).toBe('closed');
    expect(offers()).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
