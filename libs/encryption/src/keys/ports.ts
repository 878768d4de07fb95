import { type DeviceName } from '../room/ports';
import { type SignedKeyAnswer } from './key-answer';
import { type SignedKeyRequest } from './key-request';

/** The most answers to one request: the first ones give all that there is, unless somebody wants to be in the way. */
export const MOST_KEY_ANSWERS = 5;

/** The most of them by devices of one user, who would otherwise take the places of all others. */
export const MOST_KEY_ANSWERS_OF_USER = 2;

/** A request for keys at the server, with the device that has left it there. */
export interface OpenKeyRequest {
  readonly asker: DeviceName;
  readonly request: SignedKeyRequest;
}

/** What the server does for the devices of a room that ask each other for keys. It may be late, forget, repeat and lie. */
export interface KeyDelivery {
  /**
   * Leaves a request for the other devices of the room, for a day. It takes the place of the one before of this device,
   * whose answers are gone with it.
   */
  sendKeyRequest(asker: DeviceName, request: SignedKeyRequest): Promise<void>;
  /** @returns the requests of all devices but this one, the newest first */
  fetchKeyRequests(device: DeviceName): Promise<readonly OpenKeyRequest[]>;
  /**
   * @returns whether the answer was taken, now or before: one of each device, {@link MOST_KEY_ANSWERS_OF_USER} of each
   *   user, and the first {@link MOST_KEY_ANSWERS}
   */
  sendKeyAnswer(asker: DeviceName, answerer: DeviceName, answer: SignedKeyAnswer): Promise<boolean>;
  /** @returns the answers to the request of this device, in their order */
  fetchKeyAnswers(asker: DeviceName): Promise<readonly SignedKeyAnswer[]>;
  /** The device has what it asked for, or gives up. */
  deleteKeyRequest(asker: DeviceName): Promise<void>;
}
