import { canModerateRole, type MediaKind, type Participant, type Role } from '@webcall/domain';

/** The moderator actions on a participant, in the order of the menu. */
const SEAT_ACTIONS = [
  'mute',
  'cameraOff',
  'screenOff',
  'askToUnmute',
  'allowMicrophone',
  'allowCamera',
  'allowScreen',
  'lowerHand',
  'removeFromCall',
] as const;

/** One moderator action on a participant. */
export type SeatAction = (typeof SEAT_ACTIONS)[number];

/** @returns the actions that make sense now and that the own role allows, in the order of the menu */
export function availableSeatActions(own: Role, { role, media, held, hand }: Participant): SeatAction[] {
  if (!canModerateRole(own, role)) return [];
  const isHeld = (kind: MediaKind): boolean => held.includes(kind);
  const offered: Record<SeatAction, boolean> = {
    mute: media.microphone,
    cameraOff: media.camera,
    screenOff: media.screen,
    askToUnmute: !media.microphone,
    allowMicrophone: isHeld('microphone'),
    allowCamera: isHeld('camera'),
    allowScreen: isHeld('screen'),
    lowerHand: hand !== null,
    removeFromCall: true,
  };
  return SEAT_ACTIONS.filter((action) => offered[action]);
}
