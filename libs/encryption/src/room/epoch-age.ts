import { type RoomStatus } from './ports';

/** An epoch ends after this long, or after this many messages: who gets one key reads no more than that. */
const EPOCH_MS = 24 * 3_600_000;
const EPOCH_MESSAGES = 5000;

/**
 * @param began by the clock of who began it; a clock that is wrong, there or here, may end an epoch too early, and never
 *   keeps it for longer than a day after this device has heard of it
 * @returns whether whoever writes next begins a new epoch before
 */
export function isEpochOver(began: number, now: number, { isRekeyDue, epochMessages }: RoomStatus): boolean {
  return isRekeyDue || epochMessages >= EPOCH_MESSAGES || Math.abs(now - began) >= EPOCH_MS;
}
