import { Scope } from '@webcall/base';
import { type CallChange, MEDIA_KINDS, type MediaKind, type MediaState } from '@webcall/domain';
import {
  filterNoise,
  type LinkQuality,
  type LinkRepairKind,
  type LinkState,
  MediaDeviceManager,
  type MediaTransportEvents,
  MeshTransport,
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

/** The loudness of a track in dB of full scale, after three seconds because the filter has to adapt to the noise. */
async function loudness(context: AudioContext, track: MediaStreamTrack): Promise<number> {
  const analyser = new AnalyserNode(context, { fftSize: 32_768 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const end = context.currentTime + 3;
  while (context.currentTime < end) await new Promise((resolve) => requestAnimationFrame(resolve));
  analyser.getFloatTimeDomainData(samples);
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
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
  async filtered(given, drop) {
    const scope = new Scope();
    const context = new AudioContext();
    scope.addCleanup(() => void context.close());
    const noise = context.createMediaStreamDestination();
    const samples = given ?? Array.from({ length: 96_000 }, () => (Math.random() - 0.5) / 10);
    const buffer = context.createBuffer(1, samples.length, 48_000);
    buffer.copyToChannel(Float32Array.from(samples), 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.connect(noise);
    source.start();
    const [raw] = noise.stream.getAudioTracks();
    if (!raw) throw new Error('No noise');
    try {
      const folder = '/noise-suppressor';
      // Playwright cannot route what a worklet loads, so the script is passed as a blob.
      const worklet = URL.createObjectURL(await (await fetch(`${folder}/worklet.js`)).blob());
      const files = { worklet, wasm: `${folder}/plain.wasm`, simdWasm: `${folder}/simd.wasm` };
      const clean = await filterNoise(raw, files, scope);
      const before = await loudness(context, raw);
      const end = performance.now() + 90_000;
      let after = await loudness(context, clean);
      // On a busy machine the filter runs late and needs longer.
      while (after > before - drop && performance.now() < end) after = await loudness(context, clean);
      return { before, after };
    } finally {
      scope.closeScope();
    }
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
