import type { AuthRenewDto } from './auth.dto';
import type {
  CallChangedEvent,
  CallDto,
  CallJoinDto,
  CallJoinedDto,
  CallReportDto,
  CallResumeDto,
  CallUpdateDto,
  IceServerList,
  SignalReceivedEvent,
  SignalSendDto,
} from './calls.dto';
import type {
  ChatDeleteDto,
  ChatEditDto,
  ChatReadDto,
  ChatReadEvent,
  ChatSealDto,
  ChatSendDto,
  ChatSent,
  ChatTypedEvent,
  ChatTypeDto,
  MessageDto,
} from './chat.dto';
import type {
  ContactChangedEvent,
  PreferencesChangedEvent,
  PresenceChangedEvent,
  PresenceSetDto,
} from './contacts.dto';
import type { DevicesChangedEvent, PairingChangedEvent } from './devices.dto';
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
import type { GroupChangedEvent, KeysAnsweredEvent, KeysAskedEvent, WelcomeAskedEvent } from './room-groups.dto';
import type { RoomRefDto } from './room-ref.dto';
import type { RoomChangedEvent, RoomOpenedDto } from './rooms.dto';
import type { VaultChangedEvent } from './vault.dto';

/** The answer to a command, which arrives as its acknowledgement. */
export type CommandAck<T extends object> = ({ ok: true } & T) | { ok: false; error: WireError };

/** A command: its payload, and the answer that its acknowledgement brings. */
export type SocketCommand<In, Out extends object = object> = (data: In, ack: (answer: CommandAck<Out>) => void) => void;

/** All commands that a client can send over the socket. */
export interface ClientToServerCommands {
  /** Gives the open socket a new access token before the old one expires. */
  'auth:renew': SocketCommand<AuthRenewDto, { expiresIn: number }>;
  /** The room with its running call, for a client that shows it. */
  'room:open': SocketCommand<RoomRefDto, RoomOpenedDto>;
  /** Posts a message. Sending the same id again posts nothing new and is answered with the same number. */
  'chat:send': SocketCommand<ChatSendDto, ChatSent>;
  /** Posts a sealed message in an encrypted room, from a session of the device that it names. Sending the same id again posts nothing new. */
  'chat:seal': SocketCommand<ChatSealDto, ChatSent>;
  /** Gives one's own message a new text. */
  'chat:edit': SocketCommand<ChatEditDto, { revision: number }>;
  /** Deletes the content of one's own message; moderators may do so with any message. */
  'chat:delete': SocketCommand<ChatDeleteDto, { revision: number }>;
  /** Marks all messages up to this number as read. */
  'chat:read': SocketCommand<ChatReadDto, { seq: number }>;
  /** Says that the user is typing, or has stopped. */
  'chat:type': SocketCommand<ChatTypeDto>;
  /** The running call of a room, or null. */
  'call:get': SocketCommand<RoomRefDto, { call: CallDto | null }>;
  /** Joins the call of a room; the first participant starts it. */
  'call:join': SocketCommand<CallJoinDto, CallJoinedDto>;
  /** Returns to the same seat after the socket was lost or the page was reloaded. */
  'call:resume': SocketCommand<CallResumeDto, CallJoinedDto>;
  /** Leaves the call. */
  'call:leave': SocketCommand<Record<string, never>>;
  /** Says which media this device sends. */
  'call:update': SocketCommand<CallUpdateDto, { version: number }>;
  /** Reports how often links were repaired since the last report, for the metrics of the server. */
  'call:report': SocketCommand<CallReportDto>;
  /** Sends an offer, an answer or a candidate to one participant of the same call, whose device acknowledges it. */
  'signal:send': SocketCommand<SignalSendDto>;
  /** Raises or lowers a hand. */
  'call:hand': SocketCommand<CallHandDto, { version: number }>;
  /** Shows a reaction to everybody in the call. */
  'call:react': SocketCommand<CallReactDto>;
  /** Turns media of a participant off and keeps them off until they are allowed. For moderators. */
  'call:hold': SocketCommand<CallHoldDto, { version: number }>;
  /** Lets a participant turn held media on again. For moderators. */
  'call:allow': SocketCommand<CallAllowDto, { version: number }>;
  /** Removes a participant from the call, who cannot join it again. For moderators. */
  'call:remove': SocketCommand<CallRemoveDto, { version: number }>;
  /** Lets a user join again who was removed from the call. For moderators. */
  'call:readmit': SocketCommand<CallReadmitDto, { version: number }>;
  /** Ends the call for everybody. For moderators. */
  'call:end': SocketCommand<RoomRefDto>;
  /** Waits in the lobby of a running call; the event `knock:answered` brings the outcome. */
  'knock:start': SocketCommand<RoomRefDto>;
  /** Stops waiting in the lobby. */
  'knock:cancel': SocketCommand<RoomRefDto>;
  /** Admits or denies users who wait in the lobby. For moderators. */
  'knock:answer': SocketCommand<KnockAnswerDto, { version: number }>;
  /** Rings members of a room into its call, which the caller has joined before. */
  'ring:start': SocketCommand<RingStartDto, RingStarted>;
  /** Lists the ongoing rings to and from the user, for a device that connects while they go on. */
  'ring:list': SocketCommand<Record<string, never>, { rings: RingDto[] }>;
  /** Reports that this device of the callee rings. */
  'ring:reach': SocketCommand<RingRefDto>;
  /** Accepts a ring: all other devices of the callee stop ringing. `call:join` comes next. */
  'ring:accept': SocketCommand<RingRefDto, { ring: RingDto }>;
  /** Declines a ring, on all devices of the callee. */
  'ring:decline': SocketCommand<RingRefDto, { ring: RingDto }>;
  /** Asks the caller to hold on, while the callee is in another call. */
  'ring:hold': SocketCommand<RingRefDto, { ring: RingDto }>;
  /** Cancels a ring. For its caller. */
  'ring:cancel': SocketCommand<RingCancelDto>;
  /** Says whether the person is away from this device. */
  'presence:set': SocketCommand<PresenceSetDto>;
  /** STUN and TURN servers with new credentials. */
  'ice:get': SocketCommand<Record<string, never>, IceServerList>;
}

/** Name of a command. */
export type SocketCommandName = keyof ClientToServerCommands;

/** All events that the server sends to clients. */
export interface ServerToClientEvents {
  /** The session is over; the socket is closed right after it. */
  'session:ended': (event: { code: Extract<ErrorCode, 'token_expired' | 'session_ended'> }) => void;
  /** A room or its members changed. A user who joins gets it too; for a user who is removed it is the last event. */
  'room:changed': (event: RoomChangedEvent) => void;
  /** Something in the chain, the group or the list of members of an encrypted room is new: ask for it. */
  'group:changed': (event: GroupChangedEvent) => void;
  /** A device of a member wants to be let into the group: add it by its key package. */
  'welcome:asked': (event: WelcomeAskedEvent) => void;
  /** A device of a member lacks keys: look whether this one has them. */
  'keys:asked': (event: KeysAskedEvent) => void;
  /** To all devices of the user: one of them has an answer to the keys that it asked for. */
  'keys:answered': (event: KeysAnsweredEvent) => void;
  /** The presence of a contact has changed. */
  'presence:changed': (event: PresenceChangedEvent) => void;
  /** A message or another entry was posted in a room. */
  'chat:posted': (event: MessageDto) => void;
  /** A message was edited or deleted. */
  'chat:changed': (event: MessageDto) => void;
  /** To all devices of the user: they have read all messages up to a number. */
  'chat:read': (event: ChatReadEvent) => void;
  /** A member is typing, or has stopped. */
  'chat:typed': (event: ChatTypedEvent) => void;
  /** The change that the next version of a call brought. After a gap, load the whole call with `call:get`. */
  'call:changed': (event: CallChangedEvent) => void;
  /** A signal of another participant. Acknowledging it acknowledges `signal:send` to the sender. */
  'signal:received': (event: SignalReceivedEvent, ack: () => void) => void;
  /** A participant shows a reaction. */
  'call:reacted': (event: CallReactedEvent) => void;
  /** To one participant: a moderator asks them to turn something on. */
  'call:asked': (event: CallAskedEvent) => void;
  /** To the device that waits in the lobby: the outcome. */
  'knock:answered': (event: KnockAnsweredEvent) => void;
  /** To all devices of the callee and of the caller: the new state of a ring. */
  'ring:changed': (event: RingChangedEvent) => void;
  /** To all devices of the user: the relation to another user; `none` means that it has ended. */
  'contact:changed': (event: ContactChangedEvent) => void;
  /** To all devices of the user: their settings for being reached. */
  'preferences:changed': (event: PreferencesChangedEvent) => void;
  /** A device list may be another one: ask for it. To the user’s devices, and to the members of their rooms. */
  'devices:changed': (event: DevicesChangedEvent) => void;
  /** To all devices of the user: a pairing request has come, was answered, or is over. */
  'pairing:changed': (event: PairingChangedEvent) => void;
  /** To the other devices of the user: one of them has added something to the vault. */
  'vault:changed': (event: VaultChangedEvent) => void;
}

/** Name of an event. */
export type SocketEventName = keyof ServerToClientEvents;

/** The names of all commands; the type check makes sure that none is missing. */
export const SOCKET_COMMANDS = Object.keys({
  'auth:renew': true,
  'room:open': true,
  'chat:send': true,
  'chat:seal': true,
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
} satisfies Record<SocketCommandName, true>) as readonly SocketCommandName[];
