import { mayModerate, type MediaKind, type Participant, type Role } from '@webcall/domain';

/** What a moderator can do about one participant. */
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

/** One thing that a moderator can do about one participant. */
export type SeatAction = (typeof SEAT_ACTIONS)[number];

/** @returns what makes sense now and the own role allows, in the order of a menu */
export function seatActions(own: Role, { role, media, held, hand }: Participant): SeatAction[] {
  if (!mayModerate(own, role)) return [];
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
