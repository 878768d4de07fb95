import { type Participant, type Role, ROLES } from '@webcall/domain';
import { availableSeatActions } from './seat-actions';

const OFF = { microphone: false, camera: false, screen: false, screenSound: false };
const seat = (role: Role, more: Partial<Participant> = {}): Participant => ({
  id: 'p',
  userId: 'u',
  name: 'carl',
  role,
  media: OFF,
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
  ...more,
});

describe('availableSeatActions', () => {
  it('offers nothing for participants who do not have a lower role', () => {
    const able = ROLES.flatMap((own) =>
      ROLES.filter((role) => availableSeatActions(own, seat(role)).length > 0).map((role) => `${own} > ${role}`),
    );
    expect(able).toEqual([
      'owner > moderator',
      'owner > member',
      'owner > guest',
      'moderator > member',
      'moderator > guest',
    ]);
  });

  it('offers to turn off media that are on', () => {
    const media = { ...OFF, microphone: true, camera: true, screen: true };
    expect(availableSeatActions('owner', seat('member', { media }))).toEqual([
      'mute',
      'cameraOff',
      'screenOff',
      'removeFromCall',
    ]);
  });

  it('offers to ask for a microphone that is off, and to allow held media', () => {
    expect(availableSeatActions('owner', seat('member'))).toEqual(['askToUnmute', 'removeFromCall']);
    const held = ['microphone', 'camera', 'screen', 'screenSound'] as const;
    expect(availableSeatActions('owner', seat('member', { held }))).toEqual([
      'askToUnmute',
      'allowMicrophone',
      'allowCamera',
      'allowScreen',
      'removeFromCall',
    ]);
  });

  it('offers to lower a hand that is up', () =>
    expect(availableSeatActions('owner', seat('guest', { hand: 3 }))).toContain('lowerHand'));
});
