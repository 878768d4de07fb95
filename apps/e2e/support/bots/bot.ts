import type {
  CallJoinedDto,
  ClientToServerCommands,
  CommandAck,
  RoomDto,
  ServerToClientEvents,
  SignalSendDto,
  SignedInDto,
} from '@webcall/contracts';
import { MeshTransport } from '@webcall/rtc';
import { io, type Socket } from 'socket.io-client';
import type { CrowdOrder, Hearing } from './protocol';

/** Every connection that the call engine creates in this process, so that its statistics can be read. */
export const connections = new Set<RTCPeerConnection>();

const PASSWORD = 'correct horse battery';

/** A call participant without a browser: signs up, joins the room and its call, and uses the client's call engine. */
export class Bot {
  private readonly names = new Map<string, string>();
  private readonly tracks = new Map<string, MediaStreamTrack>();

  private constructor(
    readonly name: string,
    private readonly socket: Socket<ServerToClientEvents, ClientToServerCommands>,
    private readonly mesh: MeshTransport,
  ) {}

  /** @param microphone the track that it sends */
  static async enter(order: CrowdOrder, name: string, microphone: MediaStreamTrack): Promise<Bot> {
    const { url, code, roomId } = order;
    const account = { username: name, email: `${name}@example.org`, password: PASSWORD, registrationCode: code };
    const { accessToken: token } = await post<SignedInDto>(`${url}/api/v1/auth/register`, account);
    await post<RoomDto>(`${url}/api/v1/rooms/${roomId}/join`, {}, token);
    const socket: Socket<ServerToClientEvents, ClientToServerCommands> = io(url, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
    });
    const seat = succeeded<CallJoinedDto>(
      await socket.emitWithAck('call:join', { roomId, media: { microphone: true } }),
    );
    const sendSignal = async (signal: SignalSendDto): Promise<void> => {
      succeeded(await socket.timeout(10_000).emitWithAck('signal:send', signal));
    };
    const connected = (): boolean => socket.connected;
    const { participantId: selfId, iceServers } = seat;
    const mesh = new MeshTransport({ selfId, iceServers, connected, sendSignal });
    const bot = new Bot(name, socket, mesh);
    await bot.begin(seat, microphone);
    return bot;
  }

  /** @returns what it hears of each other participant */
  async hear(): Promise<Hearing[]> {
    return Promise.all([...this.tracks].map(([id, track]) => hearingOf(this.names.get(id) ?? id, track)));
  }

  async leave(): Promise<void> {
    await this.socket.timeout(5000).emitWithAck('call:leave', {});
    this.mesh.closeTransport();
    this.socket.disconnect();
  }

  private async begin(seat: CallJoinedDto, microphone: MediaStreamTrack): Promise<void> {
    this.mesh.on('remoteMedia', ({ participantId, kind, track }) => {
      if (kind === 'microphone' && track) this.tracks.set(participantId, track);
    });
    this.mesh.on('failure', ({ error }) => {
      // The senders of this WebRTC library do not support bitrates and priorities.
      if (!String(error).startsWith('InvalidModificationError'))
        process.stderr.write(`${this.name}: ${String(error)}\n`);
    });
    for (const { id, name } of seat.participants) this.names.set(id, name);
    this.mesh.setLocalTrack('microphone', microphone);
    this.socket.on('signal:received', (signal, ack) => {
      this.mesh.handleReceivedSignal(signal);
      ack();
    });
    this.socket.on('call:changed', ({ change, version }) => {
      if (version <= seat.version) return;
      if (change.type === 'joined') this.names.set(change.participant.id, change.participant.name);
      this.mesh.handleCallChange(change);
    });
    this.mesh.handleParticipants(seat.participants);
  }
}

async function hearingOf(name: string, track: MediaStreamTrack): Promise<Hearing> {
  const hearing = { name, samples: 0, concealed: 0, energy: 0 };
  const link = [...connections].find((one) => one.getReceivers().some((receiver) => receiver.track === track));
  for (const stat of (await link?.getStats())?.values() ?? []) {
    if (stat.type !== 'inbound-rtp' || stat.trackIdentifier !== track.id) continue;
    hearing.samples = stat.totalSamplesReceived ?? 0;
    hearing.concealed = stat.concealedSamples ?? 0;
    hearing.energy = stat.totalAudioEnergy ?? 0;
  }
  return hearing;
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

function succeeded<T extends object>(ack: CommandAck<T>): T {
  if (!ack.ok) throw new Error(ack.error.message);
  return ack;
}
