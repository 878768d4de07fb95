import { Scope } from '@webcall/base';
import type { DescriptionDto, SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import type { Participant } from '@webcall/domain';
import { PeerLink } from './peer-link';
import { SignalOutbox } from './signal-outbox';
import { FakeConnection, installFakeBrowser } from './testing/fake-connection';

/** The participant with the smaller id owns the repair of an attempt. */
const ANN = 'a';
const BOB = 'b';
const silent = { microphone: false, camera: false, screen: false, screenSound: false };

describe('PeerLink', () => {
  let scope: Scope;
  let sent: SignalSendDto[];

  beforeEach(() => {
    jest.useFakeTimers();
    installFakeBrowser();
    scope = new Scope();
    sent = [];
  });
  afterEach(() => {
    scope.closeScope();
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
    const connection = FakeConnection.allConnections.at(-1);
    if (!connection) throw new Error('No connection was made');
    return connection;
  };
  const offers = (): SignalSendDto[] => sent.filter(({ description }) => description?.type === 'offer');

  /** Starts a link of `selfId` to the other participant. */
  async function link(selfId: string, offering: boolean, other = selfId === ANN ? BOB : ANN): Promise<PeerLink> {
    const outbox = new SignalOutbox(async (signal) => void sent.push(signal), scope);
    const ice = () => ({ servers: [], relayOnly: false });
    const context = { selfId, ice, local: new Map(), outbox, connected: () => true, links: () => 1 };
    const peer = new PeerLink(participant(other), offering, context, scope);
    peer.startLink();
    await pass();
    return peer;
  }

  const signal = (link: string | undefined, type: DescriptionDto['type']): SignalReceivedEvent => ({
    from: 'other',
    link,
    description: { type, sdp: type },
  });

  async function answer(peer: PeerLink): Promise<void> {
    peer.handlePeerSignal(signal(offers().at(-1)?.link, 'answer'));
    await pass();
  }

  async function connected(selfId: string): Promise<PeerLink> {
    const peer = await link(selfId, true);
    await answer(peer);
    newest().enterIceState('connected');
    return peer;
  }

  it('offers as the newcomer, with the four transceivers both ways', async () => {
    await link(BOB, true);
    expect(offers()).toHaveLength(1);
    expect(newest().transceivers.map(({ direction }) => direction)).toEqual(Array(4).fill('sendrecv'));
  });

  it('waits as a member, and answers the offer with the same link both ways', async () => {
    const peer = await link(ANN, false);
    expect(FakeConnection.allConnections).toEqual([]);
    peer.handlePeerSignal(signal('1', 'offer'));
    await pass();
    expect(sent).toMatchObject([{ link: '1', description: { type: 'answer' } }]);
    expect(newest().transceivers.map(({ direction }) => direction)).toEqual(Array(4).fill('sendrecv'));
  });

  it('applies a candidate that overtook its offer', async () => {
    const peer = await link(ANN, false);
    peer.handlePeerSignal({ from: BOB, link: '1', candidate: { candidate: 'early' } });
    peer.handlePeerSignal(signal('1', 'offer'));
    await pass();
    expect(newest().candidates).toEqual(['early']);
  });

  describe('a link that does not connect', () => {
    it('is made anew by the newcomer after 15 s, under another link id', async () => {
      await link(BOB, true);
      await pass(15_000);
      expect(new Set(offers().map((offer) => offer.link)).size).toBe(2);
      expect(FakeConnection.allConnections[0]?.signalingState).toBe('closed');
    });

    it('is made anew by the member only after 25 s', async () => {
      await link(ANN, false);
      await pass(24_000);
      expect(offers()).toHaveLength(0);
      await pass(1000);
      expect(offers()).toHaveLength(1);
    });

    it('is not made anew while the other participant cannot be reached', async () => {
      const peer = await link(BOB, true);
      peer.handleParticipantChange(participant(ANN, { connected: false }));
      await pass(60_000);
      expect(offers()).toHaveLength(1);
      peer.handleParticipantChange(participant(ANN));
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

    it('is not made anew early when ICE has begun', async () => {
      const peer = await link(BOB, true);
      await answer(peer);
      newest().enterIceState('checking');
      await pass(14_000);
      expect(offers()).toHaveLength(1);
    });
  });

  describe('a link that breaks', () => {
    it('is repaired by its owner 2 s later', async () => {
      await connected(ANN);
      newest().enterIceState('disconnected');
      await pass(1900);
      expect(newest().restarts).toBe(0);
      await pass(200);
      expect(newest().restarts).toBe(1);
      expect(offers()).toHaveLength(2);
    });

    it('is left alone when it heals by itself', async () => {
      await connected(ANN);
      newest().enterIceState('disconnected');
      await pass(1900);
      newest().enterIceState('connected');
      await pass(60_000);
      expect(newest().restarts).toBe(0);
      expect(offers()).toHaveLength(1);
    });

    it('is repaired at once when it has failed', async () => {
      await connected(ANN);
      newest().enterIceState('failed');
      await pass();
      expect(newest().restarts).toBe(1);
    });

    it('is not repaired by the side that does not own it', async () => {
      await connected(BOB);
      newest().enterIceState('disconnected');
      await pass(5000);
      newest().enterIceState('failed');
      await pass(5000);
      expect(newest().restarts).toBe(0);
    });

    it('is repaired at once by either side whose own network changed', async () => {
      const peer = await connected(BOB);
      peer.repairAfterNetworkChange();
      await pass();
      expect(newest().restarts).toBe(1);
    });

    it('announces each new state', async () => {
      const peer = await link(ANN, true);
      const states = [peer.linkState];
      peer.events.on('state', (state) => states.push(state));
      await answer(peer);
      for (const state of ['checking', 'connected', 'disconnected', 'failed', 'checking', 'connected'] as const) {
        newest().enterIceState(state);
      }
      expect(states).toEqual(['connecting', 'connected', 'interrupted', 'failed', 'interrupted', 'connected']);
    });
  });

  describe('an offer with another link id', () => {
    it('replaces the link', async () => {
      const peer = await link(ANN, false);
      peer.handlePeerSignal(signal('1', 'offer'));
      await pass();
      peer.handlePeerSignal(signal('2', 'offer'));
      await pass();
      expect(sent.map((s) => s.link)).toEqual(['1', '2']);
      expect(FakeConnection.allConnections[0]?.signalingState).toBe('closed');
    });

    it('is ignored when a newer one arrived before it', async () => {
      const peer = await link(ANN, false);
      peer.handlePeerSignal(signal('2', 'offer'));
      peer.handlePeerSignal(signal('1', 'offer'));
      await pass();
      expect(sent.map((s) => s.link)).toEqual(['2']);
    });

    it('does not disturb a newcomer who waits for the first answer', async () => {
      const peer = await link(BOB, true);
      peer.handlePeerSignal(signal('1', 'offer'));
      await pass();
      expect(FakeConnection.allConnections).toHaveLength(1);
      expect(sent.map(({ description }) => description?.type)).toEqual(['offer']);
    });

    it('is answered when it arrived before the news that its sender reloaded', async () => {
      const peer = await link(BOB, true);
      peer.handlePeerSignal(signal('1', 'offer'));
      peer.handleParticipantChange(participant(ANN, { incarnation: 1 }));
      await pass();
      expect(sent.at(-1)).toMatchObject({ link: '1', description: { type: 'answer' } });
    });
  });

  it('waits for the offer of a participant who reloaded', async () => {
    const peer = await connected(BOB);
    peer.handleParticipantChange(participant(ANN, { incarnation: 1 }));
    await pass(20_000);
    expect(offers()).toHaveLength(1);
    expect(peer.linkState).toBe('interrupted');
  });

  it('announces the media that the participant sends, once the link is agreed', async () => {
    const peer = await link(BOB, true);
    const announced: unknown[] = [];
    peer.events.on('media', ({ kind, track }) => announced.push([kind, track?.id ?? null]));
    peer.handleParticipantChange(participant(ANN, { media: { ...silent, camera: true } }));
    expect(announced).toEqual([]);
    await answer(peer);
    const id = newest().transceivers[1]?.receiver.track.id;
    peer.handleParticipantChange(participant(ANN));
    expect(announced).toEqual([
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
        await peer.measurePeerQuality();
        await pass(2000);
      }
    }

    it('make their receiver try another path first, then another connection', async () => {
      const peer = await connected(BOB);
      const mended: string[] = [];
      peer.events.on('mended', (cause) => mended.push(cause));
      peer.handleParticipantChange(participant(ANN, speaking));
      arrives(100);
      await measure(peer, 10);
      expect(mended).toEqual(['restarted']);
      await answer(peer);
      await measure(peer, 10);
      expect(mended).toEqual(['restarted', 'rebuilt']);
      await answer(peer);
      newest().enterIceState('connected');
      arrives(1);
      await measure(peer, 2);
      arrives(2);
      await measure(peer, 2);
      expect(mended).toEqual(['restarted', 'rebuilt', 'stalled']);
    });

    it('need no repair while the participant is muted or cannot be reached', async () => {
      const peer = await connected(BOB);
      for (const more of [{}, { ...speaking, connected: false }]) {
        peer.handleParticipantChange(participant(ANN, more));
        await measure(peer, 20);
      }
      expect(newest().restarts).toBe(0);
    });

    it('get time to arrive after a loss that healed by itself', async () => {
      const peer = await connected(BOB);
      peer.handleParticipantChange(participant(ANN, speaking));
      arrives(100);
      await measure(peer, 4);
      newest().enterIceState('disconnected');
      await measure(peer, 6);
      newest().enterIceState('connected');
      await measure(peer, 4);
      expect(newest().restarts).toBe(0);
    });

    it('need no repair for a camera that is not shown', async () => {
      const peer = await connected(BOB);
      peer.handleParticipantChange(participant(ANN, { media: { ...silent, camera: true } }));
      peer.requestTileSizes({ camera: 0, screen: 0 });
      await pass(1000);
      await measure(peer, 20);
      expect(newest().restarts).toBe(0);
    });
  });

  it('sends how tall the other participant is shown, also over the next connection', async () => {
    const peer = await connected(BOB);
    peer.requestTileSizes({ camera: 360, screen: 0 });
    newest().channel.openChannel();
    await pass(60_000);
    newest().enterIceState('failed');
    await pass(60_000);
    newest().channel.openChannel();
    expect(FakeConnection.allConnections.length).toBeGreaterThan(1);
    for (const { channel } of [FakeConnection.allConnections[0], newest()] as FakeConnection[]) {
      expect(channel.sent).toEqual(['{"v":1,"tiles":{"camera":360,"screen":0}}']);
    }
  });

  it('sends a small first picture, and soon one as large as it is shown, over each connection', async () => {
    const scale = (): number | undefined => newest().transceivers[1]?.encodings[0]?.scaleResolutionDownBy;
    const peer = await connected(BOB);
    newest().channel.deliverMessage('{"v":1,"tiles":{"camera":720,"screen":0}}');
    await pass(400);
    expect(scale()).toBe(4);
    await pass(200);
    expect(scale()).toBe(1);
    newest().enterIceState('failed');
    await pass(60_000);
    expect(FakeConnection.allConnections.length).toBeGreaterThan(1);
    await answer(peer);
    newest().enterIceState('connected');
    await pass(400);
    expect(scale()).toBe(4);
    await pass(200);
    expect(scale()).toBe(1);
  });

  it('leaves nothing behind when it is closed', async () => {
    const peer = await link(BOB, true);
    peer.closePeerLink();
    await pass(60_000);
    expect(newest().signalingState).toBe('closed');
    expect(offers()).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
