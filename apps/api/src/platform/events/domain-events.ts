import type { MessageDto, RoomChange } from '@webcall/contracts';
import type { EntityManager } from 'typeorm';
import { MethodNotes } from '../method-notes';

/** Everything that happens and has consequences elsewhere, with what its handlers need to know. */
export interface DomainEvents {
  /** A message was stored, or was sent again with the id of a stored one. */
  'message.posted': { message: MessageDto; repeated: boolean };
  /** A message was edited or deleted, or an entry was brought up to date. */
  'message.changed': { message: MessageDto };
  /** A member has read up to a number. */
  'messages.read': { roomId: string; userId: string; seq: number };

  'member.joined': { roomId: string; userId: string };
  /** The role or the name of a member has changed. */
  'member.changed': { roomId: string; userId: string };
  /** With the count of those who stay, as `RoomDto` has it. */
  'member.left': { roomId: string; userId: string; memberCount: number; memberChanges: number };
  /** Two users share a room, and one of them has blocked the other. */
  'member.blocked': { roomId: string; userId: string; by: string };
  /** A user's own settings for a room have changed. */
  'membership.changed': { roomId: string; userId: string };

  'room.changed': { roomId: string; change: Extract<RoomChange, { type: 'updated' }> };
  'room.door-changed': { roomId: string };
  /** A direct room was closed or reopened. */
  'room.closed-changed': { roomId: string };
  'room.deleted': { roomId: string; memberIds: readonly string[] };

  /** Something in the chain or the group of an encrypted room is new. */
  'group.changed': { roomId: string };

  /** `viewerId` sees another relation to `otherId`, or another name of theirs. */
  'relation.changed': { viewerId: string; otherId: string };
  /** All relations of a user were deleted with the user. */
  'relations.deleted': { userId: string; viewerIds: readonly string[] };

  'user.renamed': { userId: string };
  /** A user is erased: everything that hangs on them goes in the same transaction, and their row after it. */
  'user.erased': { userId: string };
  'session.ended': { sessionId: string };
  /** A session got new tokens, as the device does that is open. */
  'session.renewed': { sessionId: string };

  /** Something of what a user sees of their own devices is new; with `listChanged` also what others see. */
  'devices.changed': { userId: string; listChanged: boolean };
  /** Devices were taken out of their user's list, for good, or their identity was replaced. */
  'devices.ended': { userId: string; deviceIds: readonly string[] };
  /** A device was not used for long. It may come back, so only devices of the same user may take it out of groups. */
  'device.dormant': { userId: string; deviceId: string };
  /** A pairing request has come, was answered, or is over. */
  'pairing.changed': { userId: string; pairingId: string };
  /** A session has added something to the vault of one of its user's identities. */
  'vault.changed': { userId: string; sessionId: string; identity: string; length: number };
}

export type DomainEventName = keyof DomainEvents;

/** Handles an event after the transaction that published it has been committed. */
export type CommittedHandler<E extends DomainEventName> = (payload: DomainEvents[E]) => unknown;

/** Handles an event inside the transaction that published it. */
export type TransactionHandler<E extends DomainEventName> = (
  payload: DomainEvents[E],
  manager: EntityManager,
) => Promise<void>;

/** What `@OnEvent` and `@OnEventInTransaction` note at a method. */
export interface EventSubscription {
  event: DomainEventName;
  phase: 'transaction' | 'committed';
  order: number;
}

/** The notes of `@OnEvent` and `@OnEventInTransaction`. */
export const eventSubscriptions = new MethodNotes<EventSubscription>();

/**
 * Calls the method after the commit of the transaction that published the event. A failure is logged and counted; it
 * reaches neither the publisher nor the other handlers. What must not be lost is a job, not such a handler.
 */
export function OnEvent<E extends DomainEventName>(event: E) {
  return <H extends CommittedHandler<E>>(target: object, key: string, _: TypedPropertyDescriptor<H>): void =>
    eventSubscriptions.addNote(target, key, { event, phase: 'committed', order: 0 });
}

/**
 * Calls the method inside the transaction that publishes the event, before the publisher goes on; a failure undoes all
 * of it. Handlers of one event run one after the other, the lowest `order` first.
 */
export function OnEventInTransaction<E extends DomainEventName>(event: E, order: number) {
  return <H extends TransactionHandler<E>>(target: object, key: string, _: TypedPropertyDescriptor<H>): void =>
    eventSubscriptions.addNote(target, key, { event, phase: 'transaction', order });
}
