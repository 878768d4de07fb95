import { type Participant, ROLES, type Role } from '@webcall/domain';
import { seatActions } from './seat-actions';

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

describe('what a moderator can do about a participant', () => {
  it('is nothing about those who do not stand below', () => {
    const able = ROLES.flatMap((own) =>
      ROLES.filter((role) => seatActions(own, seat(role)).length > 0).map((role) => `${own} > ${role}`),
    );
    expect(able).toEqual([
      'owner > moderator',
      'owner > member',
      'owner > guest',
      'moderator > member',
      'moderator > guest',
    ]);
  });

  it('turns off what is on', () => {
    const media = { ...OFF, microphone: true, camera: true, screen: true };
    expect(seatActions('owner', seat('member', { media }))).toEqual([
      'mute',
      'cameraOff',
      'screenOff',
      'removeFromCall',
    ]);
  });

  it('asks for a microphone that is off, and allows what is held', () => {
    expect(seatActions('owner', seat('member'))).toEqual(['askToUnmute', 'removeFromCall']);
    const held = ['microphone', 'camera', 'screen', 'screenSound'] as const;
    expect(seatActions('owner', seat('member', { held }))).toEqual([
      'askToUnmute',
      'allowMicrophone',
      'allowCamera',
      'allowScreen',
      'removeFromCall',
    ]);
  });

  it('lowers a hand that is up', () => expect(seatActions('owner', seat('guest', { hand: 3 }))).toContain('lowerHand'));
});
