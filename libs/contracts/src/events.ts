import type { AuthRenewDto } from './auth.dto';
import type {
  CallChangedEvent,
  CallDto,
  CallJoinDto,
  CallJoinedDto,
  CallReportDto,
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
import type {
  ContactChangedEvent,
  PreferencesChangedEvent,
  PresenceChangedEvent,
  PresenceSetDto,
} from './contacts.dto';
import type { ErrorCode, WireError } from './errors';
import type {
  CallAllowDto,
  CallAskedEvent,
  CallHandDto,
  CallHoldDto,
  CallReactDto,
  CallReactedEvent,
  CallReadmitDto,
  CallRemoveDto,
  KnockAnswerDto,
  KnockAnsweredEvent,
} from './moderation.dto';
import type { RingCancelDto, RingChangedEvent, RingDto, RingRefDto, RingStartDto, RingStarted } from './rings.dto';
import type { RoomRefDto } from './room-ref.dto';
import type { RoomChangedEvent, RoomOpenedDto } from './rooms.dto';

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
  /** How the links have fared since the last report, for the figures of whoever runs the server. */
  'call:report': Command<CallReportDto>;
  'signal:send': Command<SignalSendDto>;
  'call:hand': Command<CallHandDto, { version: number }>;
  'call:react': Command<CallReactDto>;
  'call:hold': Command<CallHoldDto, { version: number }>;
  'call:allow': Command<CallAllowDto, { version: number }>;
  'call:remove': Command<CallRemoveDto, { version: number }>;
  'call:readmit': Command<CallReadmitDto, { version: number }>;
  /** Ends the call for everybody. */
  'call:end': Command<RoomRefDto>;
  /** Waits in the lobby of a running call; `knock:answered` tells how it ends. */
  'knock:start': Command<RoomRefDto>;
  'knock:cancel': Command<RoomRefDto>;
  'knock:answer': Command<KnockAnswerDto, { version: number }>;
  'ring:start': Command<RingStartDto, RingStarted>;
  /** Rings that go on for or by the user: for a device that comes while they do. */
  'ring:list': Command<Record<string, never>, { rings: RingDto[] }>;
  /** This device of the callee rings. */
  'ring:reach': Command<RingRefDto>;
  'ring:accept': Command<RingRefDto, { ring: RingDto }>;
  'ring:decline': Command<RingRefDto, { ring: RingDto }>;
  /** The callee is in another call and asks the caller to hold on. */
  'ring:hold': Command<RingRefDto, { ring: RingDto }>;
  'ring:cancel': Command<RingCancelDto>;
  'presence:set': Command<PresenceSetDto>;
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
  'call:reacted': (event: CallReactedEvent) => void;
  'call:asked': (event: CallAskedEvent) => void;
  'knock:answered': (event: KnockAnsweredEvent) => void;
  'ring:changed': (event: RingChangedEvent) => void;
  'contact:changed': (event: ContactChangedEvent) => void;
  'preferences:changed': (event: PreferencesChangedEvent) => void;
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
  'call:report': true,
  'signal:send': true,
  'call:hand': true,
  'call:react': true,
  'call:hold': true,
  'call:allow': true,
  'call:remove': true,
  'call:readmit': true,
  'call:end': true,
  'knock:start': true,
  'knock:cancel': true,
  'knock:answer': true,
  'ring:start': true,
  'ring:list': true,
  'ring:reach': true,
  'ring:accept': true,
  'ring:decline': true,
  'ring:hold': true,
  'ring:cancel': true,
  'presence:set': true,
  'ice:get': true,
} satisfies Record<CommandName, true>) as readonly CommandName[];
