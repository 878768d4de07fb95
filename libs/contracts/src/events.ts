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
  /** The room with its running call, for whoever looks at it. */
  'room:open': Command<RoomRefDto, RoomOpenedDto>;
  /** Posts a message. The same id again repeats nothing and is answered with the same number. */
  'chat:send': Command<ChatSendDto, ChatSent>;
  /** Gives one's own message a new text. */
  'chat:edit': Command<ChatEditDto, { revision: number }>;
  /** Takes out what one's own message says; moderators may do so with any. */
  'chat:delete': Command<ChatDeleteDto, { revision: number }>;
  /** Everything up to this number has been read. */
  'chat:read': Command<ChatReadDto, { seq: number }>;
  /** One writes, or has stopped. */
  'chat:type': Command<ChatTypeDto>;
  /** The running call of a room, or null. */
  'call:get': Command<RoomRefDto, { call: CallDto | null }>;
  /** Takes a seat in the call of a room; the first one starts it. */
  'call:join': Command<CallJoinDto, CallJoinedDto>;
  /** Takes the same seat again, after the socket was lost or the page was loaded anew. */
  'call:resume': Command<CallResumeDto, CallJoinedDto>;
  /** Leaves the call. */
  'call:leave': Command<Record<string, never>>;
  /** Tells which media this device sends. */
  'call:update': Command<CallUpdateDto, { version: number }>;
  /** How the links have fared since the last report, for the figures of whoever runs the server. */
  'call:report': Command<CallReportDto>;
  /** Sends an offer, an answer or a candidate to one participant of the same call, whose device acknowledges it. */
  'signal:send': Command<SignalSendDto>;
  /** Raises the hand or takes it down. */
  'call:hand': Command<CallHandDto, { version: number }>;
  /** Shows a reaction to everybody in the call. */
  'call:react': Command<CallReactDto>;
  /** Turns media of a participant off and keeps them off until they are allowed. For moderators. */
  'call:hold': Command<CallHoldDto, { version: number }>;
  /** Lets a participant turn held media on again. For moderators. */
  'call:allow': Command<CallAllowDto, { version: number }>;
  /** Takes a participant out of the call, who cannot come back into it. For moderators. */
  'call:remove': Command<CallRemoveDto, { version: number }>;
  /** Lets somebody come back who was taken out of the call. For moderators. */
  'call:readmit': Command<CallReadmitDto, { version: number }>;
  /** Ends the call for everybody. */
  'call:end': Command<RoomRefDto>;
  /** Waits in the lobby of a running call; `knock:answered` tells how it ends. */
  'knock:start': Command<RoomRefDto>;
  /** Waits no longer. */
  'knock:cancel': Command<RoomRefDto>;
  /** Lets somebody in who waits in the lobby, or does not. For moderators. */
  'knock:answer': Command<KnockAnswerDto, { version: number }>;
  /** Rings members of a room into its call, which the caller has joined before. */
  'ring:start': Command<RingStartDto, RingStarted>;
  /** Rings that go on for or by the user: for a device that comes while they do. */
  'ring:list': Command<Record<string, never>, { rings: RingDto[] }>;
  /** This device of the callee rings. */
  'ring:reach': Command<RingRefDto>;
  /** Answers a ring: all other devices of the callee stop. `call:join` comes next. */
  'ring:accept': Command<RingRefDto, { ring: RingDto }>;
  /** Turns a ring down, on all devices of the callee. */
  'ring:decline': Command<RingRefDto, { ring: RingDto }>;
  /** The callee is in another call and asks the caller to hold on. */
  'ring:hold': Command<RingRefDto, { ring: RingDto }>;
  /** The caller rings no longer. */
  'ring:cancel': Command<RingCancelDto>;
  /** Tells whether the person is at this device. */
  'presence:set': Command<PresenceSetDto>;
  /** STUN and TURN servers with new credentials. */
  'ice:get': Command<Record<string, never>, IceServers>;
}

/** Name of a command. */
export type CommandName = keyof ClientToServer;

/** What the server tells without being asked. */
export interface ServerToClient {
  /** The session is over; the socket is closed right after it. */
  'session:ended': (event: { code: Extract<ErrorCode, 'token_expired' | 'session_ended'> }) => void;
  /** Something about a room or its members is different. Who joins a room gets it too, and who is taken out gets it last. */
  'room:changed': (event: RoomChangedEvent) => void;
  /** Where a contact is. */
  'presence:changed': (event: PresenceChangedEvent) => void;
  /** A message or another entry of a room is there. */
  'chat:posted': (event: MessageDto) => void;
  /** A message was edited or deleted. */
  'chat:changed': (event: MessageDto) => void;
  /** A member has read up to a number. */
  'chat:read': (event: ChatReadEvent) => void;
  /** A member writes, or has stopped. */
  'chat:typed': (event: ChatTypedEvent) => void;
  /** What the next version of a call brought. After a gap ask for the whole with `call:get`. */
  'call:changed': (event: CallChangedEvent) => void;
  /** A signal of another participant. Acknowledging it acknowledges `signal:send` to the sender. */
  'signal:received': (event: SignalReceivedEvent, ack: () => void) => void;
  /** A participant shows a reaction. */
  'call:reacted': (event: CallReactedEvent) => void;
  /** To one participant: a moderator asks them to turn something on. */
  'call:asked': (event: CallAskedEvent) => void;
  /** To the device that waits in the lobby: how it ended. */
  'knock:answered': (event: KnockAnsweredEvent) => void;
  /** To all devices of the callee and of the caller: how a ring stands. */
  'ring:changed': (event: RingChangedEvent) => void;
  /** To all devices of the user. With the relation `none` the contact is gone. */
  'contact:changed': (event: ContactChangedEvent) => void;
  /** To all devices of the user: how they want to be reached. */
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
