import { Scope } from '@webcall/base';
import { type CallChange, MEDIA_KINDS, type MediaKind, type MediaState } from '@webcall/domain';
import {
  createNoiseFilterNode,
  filterNoise,
  type LinkQuality,
  type LinkRepairKind,
  type LinkState,
  MediaDeviceManager,
  type MediaTransportEvents,
  MeshTransport,
  type NoiseFilterFiles,
} from '@webcall/rtc';
import type { HarnessApi, Incoming, Received, RelayCall, Seated } from './protocol';

declare global {
  interface Window {
    harness: HarnessApi;
    relay: RelayCall;
  }
}

/** Every connection that the page creates, so that its statistics can be read without access to the transport. */
const connections = new Set<RTCPeerConnection>();
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.add(this);
  }
};

const devices = new MediaDeviceManager();
const local = new Map<MediaKind, MediaStreamTrack>();
let transport: MeshTransport | null = null;
let remote = new Map<string, Map<MediaKind, MediaStreamTrack>>();
let qualities = new Map<string, LinkQuality>();
let others: string[] = [];
let failures: string[] = [];
let mended: LinkRepairKind[] = [];
/** Messages that arrived before the transport was created. */
let early: Incoming[] = [];

function media(): MediaState {
  const has = (kind: MediaKind): boolean => local.has(kind);
  return {
    microphone: has('microphone'),
    camera: has('camera'),
    screen: has('screen'),
    screenSound: has('screenSound'),
  };
}

async function begin(seated: Seated): Promise<void> {
  const mesh = new MeshTransport({
    selfId: seated.selfId,
    iceServers: [],
    connected: () => true,
    sendSignal: async (signal) => {
      await window.relay({ type: 'signal', signal });
    },
  });
  mesh.on('remoteMedia', play);
  mesh.on('quality', ({ participantId, quality }) => qualities.set(participantId, quality));
  mesh.on('failure', ({ error }) => failures.push(String(error)));
  mesh.on('mended', ({ cause }) => mended.push(cause));
  transport = mesh;
  others = seated.participants.map(({ id }) => id);
  for (const [kind, track] of local) mesh.setLocalTrack(kind, track);
  mesh.handleParticipants(seated.participants);
  const missed = early;
  early = [];
  for (const incoming of missed) receive(incoming);
}

function play({ participantId, kind, track }: MediaTransportEvents['remoteMedia']): void {
  const tracks = remote.get(participantId) ?? new Map<MediaKind, MediaStreamTrack>();
  remote.set(participantId, tracks);
  const id = `${participantId}-${kind}`;
  document.getElementById(id)?.remove();
  tracks.delete(kind);
  if (!track) return;
  tracks.set(kind, track);
  const element = document.createElement(track.kind === 'audio' ? 'audio' : 'video');
  Object.assign(element, { id, autoplay: true, srcObject: new MediaStream([track]) });
  document.body.append(element);
}

function receive(incoming: Incoming): void {
  if (!transport) early.push(incoming);
  else if (incoming.type === 'signal') transport.handleReceivedSignal(incoming.signal);
  else if (incoming.type === 'reconnected') transport.handleSocketReconnected();
  else change(transport, incoming.change);
}

function change(mesh: MeshTransport, change: CallChange): void {
  mesh.handleCallChange(change);
  if (change.type === 'joined') others.push(change.participant.id);
  if (change.type === 'left') others = others.filter((id) => id !== change.participantId);
}

function forget(): void {
  transport?.closeTransport();
  transport = null;
  for (const connection of connections) connection.close();
  connections.clear();
  remote = new Map();
  qualities = new Map();
  failures = [];
  mended = [];
  early = [];
  document.body.replaceChildren();
}

async function statsOf(track: MediaStreamTrack): Promise<Received> {
  for (const connection of connections) {
    const receiver = connection.getReceivers().find((r) => r.track === track);
    if (!receiver) continue;
    const stats = [...(await receiver.getStats()).values()] as Record<string, unknown>[];
    const inbound = stats.find(({ type }) => type === 'inbound-rtp') ?? {};
    const of = (key: string): number => (typeof inbound[key] === 'number' ? inbound[key] : 0);
    return {
      frames: of('framesDecoded'),
      samples: of('totalSamplesReceived'),
      energy: of('totalAudioEnergy'),
      packets: of('packetsReceived'),
      height: of('frameHeight'),
    };
  }
  return {};
}

// Playwright cannot route what a worklet loads, so the script is passed as a blob.
async function noiseFilterFiles(): Promise<NoiseFilterFiles> {
  const folder = '/noise-suppressor';
  const worklet = URL.createObjectURL(await (await fetch(`${folder}/worklet.js`)).blob());
  return { worklet, wasm: `${folder}/plain.wasm`, simdWasm: `${folder}/simd.wasm` };
}

/** Plays samples at 48 kHz over and over. */
function loop(context: BaseAudioContext, samples: number[]): AudioBufferSourceNode {
  const buffer = context.createBuffer(1, samples.length, 48_000);
  buffer.copyToChannel(Float32Array.from(samples), 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  source.start();
  return source;
}

/** The loudness in dB of full scale of what ran through an analyser within the last 0.7 s. */
function loudnessAt(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
}

const createAnalyser = (context: BaseAudioContext): AnalyserNode => new AnalyserNode(context, { fftSize: 32_768 });

/** The loudness of a track in dB of full scale, once it ran for a second. */
async function loudnessOf(context: AudioContext, track: MediaStreamTrack): Promise<number> {
  const analyser = createAnalyser(context);
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const end = context.currentTime + 1;
  while (context.currentTime < end) await new Promise((resolve) => requestAnimationFrame(resolve));
  return loudnessAt(analyser);
}

window.harness = {
  async open(kind) {
    if (kind === 'screen') {
      const { screen, screenSound } = await devices.openScreenShare();
      local.set('screen', screen);
      if (screenSound) local.set('screenSound', screenSound);
    } else {
      const small = { width: 320, height: 180, frameRate: 15 };
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: kind === 'microphone',
        video: kind === 'camera' && small,
      });
      for (const track of stream.getTracks()) local.set(kind, track);
    }
    transport?.setLocalTrack(kind, local.get(kind) ?? null);
    if (transport) await window.relay({ type: 'update', media: media() });
  },
  async shut(kind) {
    local.get(kind)?.stop();
    local.delete(kind);
    transport?.setLocalTrack(kind, null);
    await window.relay({ type: 'update', media: media() });
  },
  codecs: () => [...connections].map((connection) => connection.getSenders()[0]?.getParameters().codecs[0]?.mimeType),
  hush() {
    const microphone = local.get('microphone');
    if (microphone) microphone.enabled = false;
  },
  async join() {
    await begin(await window.relay({ type: 'join', media: media() }));
  },
  async resumeFresh() {
    forget();
    await begin(await window.relay({ type: 'resume', fresh: true }));
  },
  async leave() {
    forget();
    await window.relay({ type: 'leave' });
  },
  async filtered(samples) {
    const scope = new Scope();
    const context = new AudioContext();
    scope.addCleanup(() => void context.close());
    const playing = context.createMediaStreamDestination();
    loop(context, samples).connect(playing);
    const [raw] = playing.stream.getAudioTracks();
    if (!raw) throw new Error('Nothing plays');
    try {
      const clean = await filterNoise(raw, await noiseFilterFiles(), scope);
      return { before: await loudnessOf(context, raw), after: await loudnessOf(context, clean) };
    } finally {
      scope.closeScope();
    }
  },
  async filteredOffline(samples) {
    const scope = new Scope();
    // Longer than needed: it is left as soon as the filter has run for four seconds.
    const context = new OfflineAudioContext(1, 300 * 48_000, 48_000);
    const source = loop(context, samples);
    const [before, after] = [createAnalyser(context), createAnalyser(context)];
    source.connect(before).connect(context.destination);
    source
      .connect(await createNoiseFilterNode(context, await noiseFilterFiles(), scope))
      .connect(after)
      .connect(context.destination);
    let seconds = 0;
    let measured = { before: -Infinity, after: -Infinity };
    const nextStop = async (): Promise<void> => {
      await context.suspend(context.currentTime + 1);
      measured = { before: loudnessAt(before), after: loudnessAt(after) };
      // Silent until the filter is ready within the worklet, which no event tells.
      if (measured.after > -Infinity) seconds += 1;
      if (seconds === 4) return;
      const next = nextStop();
      await context.resume();
      await next;
    };
    const stopped = nextStop();
    const rendered = context.startRendering().then(() => {
      throw new Error('The filter never became ready');
    });
    await Promise.race([stopped, rendered]);
    scope.closeScope();
    return measured;
  },
  online: () => transport?.handleNetworkChange(),
  show(sizes) {
    for (const id of others) transport?.setVisibleSizes(id, sizes);
  },
  sendNothing(kind) {
    for (const connection of connections) {
      const transceiver = connection.getTransceivers()[MEDIA_KINDS.indexOf(kind)];
      void transceiver?.sender.replaceTrack(null);
    }
  },
  receive,
  states: () =>
    Object.fromEntries(others.map((id): [string, LinkState] => [id, transport?.linkStateOf(id) ?? 'failed'])),
  async stats() {
    const all: Awaited<ReturnType<HarnessApi['stats']>> = {};
    for (const [id, tracks] of remote) {
      const kinds: Partial<Record<MediaKind, Received>> = (all[id] = {});
      for (const [kind, track] of tracks) kinds[kind] = await statsOf(track);
    }
    return all;
  },
  qualities: () => Object.fromEntries(qualities),
  failures: () => failures,
  mended: () => mended,
  connectionsMade: () => connections.size,
};
