import type { DescriptionDto } from '@webcall/contracts';

/** A transceiver that only stores its values. */
export class FakeTransceiver {
  direction = 'recvonly';
  sent: unknown = null;
  encodings: RTCRtpEncodingParameters[] = [{}];
  readonly sender = {
    replaceTrack: async (track: unknown) => void (this.sent = track),
    getParameters: () => ({ encodings: structuredClone(this.encodings) }),
    setParameters: async ({ encodings }: RTCRtpSendParameters) => void (this.encodings = encodings),
    getStats: async () => new Map(),
  };
  readonly receiver = { track: { id: `remote-${FakeTransceiver.made++}` }, getSynchronizationSources: () => [] };
  private static made = 0;
}

/** A data channel that is opened by the test. */
export class FakeChannel extends EventTarget {
  readyState = 'connecting';
  readonly sent: string[] = [];

  send(text: string): void {
    this.sent.push(text);
  }

  openChannel(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  deliverMessage(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

/** The part of an RTCPeerConnection that links use: signaling states follow the standard, the test sets ICE states. */
export class FakeConnection extends EventTarget {
  /** All connections made so far, the newest last. */
  static allConnections: FakeConnection[] = [];

  signalingState = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription: DescriptionDto | null = null;
  remoteDescription: DescriptionDto | null = null;
  /** The begins and ends of steps, in order. */
  readonly steps: string[] = [];
  readonly candidates: string[] = [];
  readonly transceivers: FakeTransceiver[] = [];
  readonly channel = new FakeChannel();
  /** The entries that `getStats` returns. */
  stats: Record<string, unknown>[] = [];
  restarts = 0;
  private offers = 0;

  constructor(private configuration: RTCConfiguration = {}) {
    super();
    FakeConnection.allConnections.push(this);
  }

  addTransceiver(source: unknown, { direction }: { direction: string }): FakeTransceiver {
    const transceiver = new FakeTransceiver();
    transceiver.direction = direction;
    transceiver.sent = typeof source === 'string' ? null : source;
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  createDataChannel(): FakeChannel {
    return this.channel;
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  async getStats(): Promise<Map<string, Record<string, unknown>>> {
    return new Map(this.stats.map((stats, i) => [String(i), stats]));
  }

  async setLocalDescription(): Promise<void> {
    const answering = this.signalingState === 'have-remote-offer';
    this.steps.push(answering ? 'begin answer' : 'begin offer');
    await Promise.resolve();
    this.localDescription = answering
      ? { type: 'answer', sdp: 'answer' }
      : { type: 'offer', sdp: `offer ${++this.offers}` };
    this.signalingState = answering ? 'stable' : 'have-local-offer';
    this.steps.push(answering ? 'end answer' : 'end offer');
  }

  async setRemoteDescription(description: DescriptionDto): Promise<void> {
    this.steps.push(`begin ${description.type} of theirs`);
    await Promise.resolve();
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type === 'offer' && this.transceivers.length === 0) {
      for (let i = 0; i < 4; i++) this.transceivers.push(new FakeTransceiver());
    }
    this.steps.push(`end ${description.type} of theirs`);
  }

  async addIceCandidate({ candidate }: RTCIceCandidateInit): Promise<void> {
    if (!this.remoteDescription) throw new DOMException('No remote description', 'InvalidStateError');
    this.candidates.push(candidate ?? '');
  }

  restartIce(): void {
    this.restarts++;
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** Changes the ICE state. */
  enterIceState(state: 'new' | 'checking' | 'connected' | 'disconnected' | 'failed'): void {
    this.iceConnectionState = state;
    this.connectionState = state === 'checking' ? 'connecting' : state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

/** Replaces the browser's own classes by the fakes. */
export function installFakeBrowser(): void {
  FakeConnection.allConnections = [];
  Object.assign(globalThis, {
    RTCPeerConnection: FakeConnection,
    MediaStream: class {},
    RTCRtpReceiver: { getCapabilities: () => ({ codecs: [] }) },
  });
}
