import type { AuthRenewDto } from './auth.dto';
import type {
  CallChangedEvent,
  CallDto,
  CallJoinDto,
  CallJoinedDto,
  CallResumeDto,
  CallUpdateDto,
  IceServers,
  SignalReceivedEvent,
  SignalSendDto,
} from './calls.dto';
import type {
  ChatDeleteDto,
  ChatEditDto,
  ChatReadDto,
  ChatReadEvent,
  ChatSendDto,
  ChatSent,
  ChatTypeDto,
  ChatTypedEvent,
  MessageDto,
} from './chat.dto';
import type { ErrorCode, WireError } from './errors';
import type { RoomRefDto } from './room-ref.dto';
import type { PresenceChangedEvent, RoomChangedEvent, RoomOpenedDto } from './rooms.dto';

/** Answer to every command. */
export type Ack<T extends object> = ({ ok: true } & T) | { ok: false; error: WireError };

/** A command: its payload, and the answer that its acknowledgement brings. */
export type Command<In, Out extends object = object> = (data: In, ack: (answer: Ack<Out>) => void) => void;

/** What a client can ask over the socket. */
export interface ClientToServer {
  /** A new access token for the open socket, before the old one ends. */
  'auth:renew': Command<AuthRenewDto, { expiresIn: number }>;
  'room:open': Command<RoomRefDto, RoomOpenedDto>;
  'chat:send': Command<ChatSendDto, ChatSent>;
  'chat:edit': Command<ChatEditDto, { revision: number }>;
  'chat:delete': Command<ChatDeleteDto, { revision: number }>;
  'chat:read': Command<ChatReadDto, { seq: number }>;
  'chat:type': Command<ChatTypeDto>;
  'call:get': Command<RoomRefDto, { call: CallDto | null }>;
  'call:join': Command<CallJoinDto, CallJoinedDto>;
  'call:resume': Command<CallResumeDto, CallJoinedDto>;
  'call:leave': Command<Record<string, never>>;
  'call:update': Command<CallUpdateDto, { version: number }>;
  'signal:send': Command<SignalSendDto>;
  'ice:get': Command<Record<string, never>, IceServers>;
}

/** Name of a command. */
export type CommandName = keyof ClientToServer;

/** What the server tells without being asked. */
export interface ServerToClient {
  /** The session is over; the socket is closed right after it. */
  'session:ended': (event: { code: Extract<ErrorCode, 'token_expired' | 'session_ended'> }) => void;
  'room:changed': (event: RoomChangedEvent) => void;
  'presence:changed': (event: PresenceChangedEvent) => void;
  'chat:posted': (event: MessageDto) => void;
  'chat:changed': (event: MessageDto) => void;
  'chat:read': (event: ChatReadEvent) => void;
  'chat:typed': (event: ChatTypedEvent) => void;
  'call:changed': (event: CallChangedEvent) => void;
  'signal:received': (event: SignalReceivedEvent, ack: () => void) => void;
}

/** Name of an event. */
export type EventName = keyof ServerToClient;

/** Every command; the type check makes sure that none is missing. */
export const COMMANDS = Object.keys({
  'auth:renew': true,
  'room:open': true,
  'chat:send': true,
  'chat:edit': true,
  'chat:delete': true,
  'chat:read': true,
  'chat:type': true,
  'call:get': true,
  'call:join': true,
  'call:resume': true,
  'call:leave': true,
  'call:update': true,
  'signal:send': true,
  'ice:get': true,
} satisfies Record<CommandName, true>) as readonly CommandName[];
