import { IsUUID, Matches } from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { IsBase64Url } from './validation-rules';

const UUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const USER_IDS = new RegExp(`^${UUID}(,${UUID}){0,${PROTOCOL_LIMITS.devices.usersAsked - 1}}$`);

/** A device list with the signature of its identity. */
export class SignedDeviceListDto {
  /**
   * The list as it was signed, up to 64 kB in base64url: user, identity, version, and all devices ever.
   * @example "AAAAFXdlYmNhbGwgZGV2aWNlIGxpc3QgMQ"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.list)
  list!: string;

  /**
   * Ed25519 over the bytes of the list, 64 bytes in base64url.
   * @example "5WkN0HNVbNk9wbW9nQXp5Pq0bXq3rYfJ4hM2bqkTtYb0l9o8c7m1i2v3XzKpQ6eYt7u8w9x0y1z2A3B4C5D6Ew"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.signature)
  signature!: string;
}

/** The newest device list of an identity of a user. What the server says of it counts nothing: the signature does. */
export class DeviceListDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  userId!: string;

  /**
   * The public identity key, 32 bytes in base64url.
   * @example "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
   */
  identity!: string;

  /** When the identity began, as far as the server knows. */
  startedAt!: string;

  /** When another identity took its place; null for the present one. */
  replacedAt!: string | null;

  /** The list as it was signed, in base64url. */
  list!: string;

  /** Its signature by the identity key, in base64url. */
  signature!: string;
}

/** A request for the device lists of several users. */
export class DeviceListsQueryDto {
  /**
   * Ids of at most 100 users, with commas between them.
   * @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"
   */
  @Matches(USER_IDS, { message: 'userIds must be 1 to 100 ids of users, with commas between them' })
  userIds!: string;
}

/** Device lists of several users. Who has none, or is no concern of the user who asks, is left out. */
export class DeviceListsDto {
  lists!: DeviceListDto[];

  /** The users whose lists were left off because the answer would be too large: ask for them again. */
  rest!: string[];
}

/** A live device of one's own. */
export class OwnDeviceDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  id!: string;

  /**
   * Browser and system, as its last session reported them; null if it never had one.
   * @example "Firefox on Linux"
   */
  name!: string | null;

  /** Whether this session belongs to it. */
  current!: boolean;

  /** @example "2026-11-22T12:30:00.000Z" */
  lastUsedAt!: string;

  /** Whether it was not used for 30 days: it belongs out of all groups until it is used again. */
  dormant!: boolean;
}

/** Devices and identity of one's own, as the server sees them. */
export class OwnDevicesDto {
  /**
   * The session that asks, which a device signs to belong to it.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  sessionId!: string;

  /** The present device list; null as long as there is none. */
  list!: DeviceListDto | null;

  /** The live devices of the list, the last used first. */
  devices!: OwnDeviceDto[];

  /** A new start that somebody has asked for, and that has not happened yet. */
  newStart!: NewStartDto | null;
}

/** What makes a session one of a listed device. */
export class DeviceSessionDto {
  /**
   * Signature of the device over user, device and session, 64 bytes in base64url.
   * @example "5WkN0HNVbNk9wbW9nQXp5Pq0bXq3rYfJ4hM2bqkTtYb0l9o8c7m1i2v3XzKpQ6eYt7u8w9x0y1z2A3B4C5D6Ew"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.signature)
  signature!: string;
}

/** The key package of a device. */
export class KeyPackageDto {
  /**
   * By what others add the device to groups, up to 16 kB in base64url.
   * @example "AAEABQACAAEgKz4"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.keyPackage)
  keyPackage!: string;
}

/** The key package of somebody's device, if it has left one. */
export class FoundKeyPackageDto {
  /** Null if the device has left none, or was not used for 30 days. */
  keyPackage!: string | null;
}

/** The wish of a new device to be let in by another one of its user. */
export class AskPairingDto {
  /**
   * Id made by the device; part of what its code authenticates.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsUUID()
  id!: string;

  /**
   * The request, up to 4 kB in base64url.
   * @example "AAAAGXdlYmNhbGwgcGFpcmluZyByZXF1ZXN0IDE"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.pairingRequest)
  request!: string;

  /**
   * What authenticates the request to whoever has its code, 32 bytes in base64url.
   * @example "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.mac)
  mac!: string;
}

/** A pairing request in front of another device of the same user. */
export class PairingDto {
  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  id!: string;

  /** The request as it was sent, in base64url. */
  request!: string;

  /** What authenticates it to whoever has its code, in base64url. */
  mac!: string;

  /**
   * Browser and system of the session that asks.
   * @example "Firefox on Linux"
   */
  device!: string;

  /** @example "2026-11-22T12:30:00.000Z" */
  askedAt!: string;
}

/** The pairing requests that wait for an answer, the newest first. */
export class PairingsDto {
  pairings!: PairingDto[];
}

/** The answer to a pairing request: the list with the new device, and what only this device can open. */
export class PairingApprovalDto extends SignedDeviceListDto {
  /**
   * Encapsulated key of the grant, in base64url.
   * @example "q83vEjRWeJCrze8SNFZ4kA"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.sealed)
  encapsulated!: string;

  /**
   * The sealed grant, in base64url.
   * @example "q83vEjRWeJCrze8SNFZ4kA"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.sealed)
  box!: string;
}

/** What became of a pairing request of this session. */
export class PairingOutcomeDto {
  /** Null as long as nobody has answered. */
  approval!: PairingApprovalDto | null;
}

/** The identity that is to take the place of one's present one. */
export class NewIdentityDto {
  /**
   * The new public identity key, 32 bytes in base64url.
   * @example "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
   */
  @IsBase64Url(PROTOCOL_LIMITS.devices.identity)
  identity!: string;
}

/** A new start: all devices of the present identity end as soon as the first list of the new one comes. */
export class NewStartDto {
  /** The new public identity key, in base64url. */
  identity!: string;

  /**
   * Browser and system of the session that has asked for it. Ending that session ends the new start as well.
   * @example "Firefox on Linux"
   */
  device!: string;

  /** Whether this session has asked for it. */
  current!: boolean;

  /** @example "2026-11-22T12:30:00.000Z" */
  askedAt!: string;

  /** From when on it may happen: a day after it was asked for, unless no other device is in use or one has agreed. */
  opensAt!: string;
}

/**
 * Event `devices:changed`, to the devices of a user and to those of the members of their rooms: the device list or the
 * identity of the user is another one. One's own devices get it also when something else of `GET /devices` has changed.
 */
export interface DevicesChangedEvent {
  userId: string;
}

/** Event `pairing:changed`, to the devices of the user: a pairing request has come, was answered, or is over. */
export interface PairingChangedEvent {
  pairingId: string;
}
