import { canModerateRole, ROLES } from '../role';
import { changeRaisedHand, joinCall, leaveCall, resumeSeat, updateSeatMedia } from './call';
import { answerKnock, knockAtDoor } from './knock';
import {
  alignCallWithRoom,
  allowMedia,
  changeRoleInCall,
  endCallByModerator,
  expelFromCall,
  holdMedia,
  lowerHandOf,
  readmitBarredUser,
  removeFromCall,
  selectSeatsToAsk,
} from './moderation';
import { startRing } from './ring';
import {
  allMedia,
  callWithSeats,
  findSeatById,
  fullCall,
  memberKnock,
  moderatorBy,
  seatOfRole,
  stateAfter,
  stepRefusalOf,
} from './testing/call-fixtures';

describe('a call that missed changes of its room', () => {
  const roles = new Map(fullCall.seats.map(({ userId, role }) => [userId, role]));

  it('stays as it is when nothing has changed', () => {
    expect(alignCallWithRoom(fullCall, roles, 'open')).toMatchObject({ changes: [] });
  });

  it('loses users who left the room, and shows new roles', () => {
    const now = new Map([...roles, ['member', 'moderator'] as const]);
    now.delete('guest');
    const call = stateAfter(alignCallWithRoom(fullCall, now, 'open'));
    expect(call.seats.map(({ userId, role }) => [userId, role])).toEqual([
      ['owner', 'owner'],
      ['moderator', 'moderator'],
      ['member', 'moderator'],
      ['member', 'moderator'],
    ]);
  });

  it('admits those who wait at an open door, and leaves those waiting who have knocked at another', () => {
    const knock = { ...memberKnock, userId: 'else' };
    const now = new Map([...roles, ['else', 'member'] as const]);
    for (const door of ['locked', 'lobby'] as const) {
      const waiting = stateAfter(knockAtDoor(fullCall, knock, 'member', door));
      expect(alignCallWithRoom(waiting, now, door)).toMatchObject({ state: { knocks: [knock] }, changes: [] });
      const opened = stateAfter(alignCallWithRoom(waiting, now, 'open'));
      expect([opened.knocks, opened.admitted.includes('else')]).toEqual([[], true]);
    }
  });

  it('ends with the room', () => {
    expect(alignCallWithRoom(fullCall, new Map(), 'locked')).toMatchObject({ state: { seats: [] } });
  });
});

describe('held media', () => {
  it('is turned off on all devices of the user and cannot be turned on, not even by joining again', () => {
    const call = stateAfter(holdMedia(fullCall, moderatorBy('moderator'), ['microphone'], 'member'));
    for (const id of ['member', 'member-2']) {
      expect(findSeatById(call, id)).toMatchObject({
        held: ['microphone', 'screenSound'],
        media: { microphone: false, camera: true, screenSound: false },
      });
    }
    expect(stepRefusalOf(updateSeatMedia(call, 'member', { microphone: true }))).toBe('media_held');
    expect(stepRefusalOf(updateSeatMedia(call, 'member', { microphone: false, camera: false }))).toBeUndefined();
    const back = stateAfter(joinCall(stateAfter(leaveCall(call, 'member', 'left')), seatOfRole('member-3')));
    expect(findSeatById(back, 'member-3')).toMatchObject({
      held: ['microphone', 'screenSound'],
      media: { microphone: false },
    });
  });

  it('includes the sound of the screen when the screen is held', () => {
    const call = stateAfter(holdMedia(fullCall, moderatorBy('owner'), ['screen'], 'member'));
    expect(findSeatById(call, 'member').media).toEqual({ ...allMedia, screen: false, screenSound: false });
    expect(
      findSeatById(stateAfter(allowMedia(call, moderatorBy('owner'), ['screen'], 'member')), 'member').held,
    ).toEqual([]);
  });

  it('includes the sound of the screen when the microphone is held, until neither is held', () => {
    const both = stateAfter(holdMedia(fullCall, moderatorBy('owner'), ['microphone', 'screen'], 'member'));
    const muted = stateAfter(allowMedia(both, moderatorBy('owner'), ['screen'], 'member'));
    expect(findSeatById(muted, 'member').held).toEqual(['microphone', 'screenSound']);
    expect(stepRefusalOf(updateSeatMedia(muted, 'member', { screen: true, screenSound: true }))).toBe('media_held');
    expect(
      findSeatById(stateAfter(allowMedia(muted, moderatorBy('owner'), ['microphone'], 'member')), 'member').held,
    ).toEqual([]);
  });

  it('applies to everybody below the moderator when no participant is named', () => {
    const call = stateAfter(holdMedia(fullCall, moderatorBy('moderator'), ['microphone']));
    expect(call.seats.filter(({ held }) => held.length > 0).map(({ id }) => id)).toEqual([
      'member',
      'member-2',
      'guest',
    ]);
  });

  it('stays off when it is allowed, until the participant turns it on', () => {
    const call = stateAfter(
      allowMedia(
        stateAfter(holdMedia(fullCall, moderatorBy('owner'), ['camera'])),
        moderatorBy('owner'),
        ['camera'],
        'member',
      ),
    );
    expect(findSeatById(call, 'member')).toMatchObject({ held: [], media: { camera: false } });
    expect(findSeatById(call, 'guest').held).toEqual(['camera']);
    expect(findSeatById(stateAfter(updateSeatMedia(call, 'member', { camera: true })), 'member').media.camera).toBe(
      true,
    );
  });

  it('can be requested from the participants who do not send it', () => {
    const call = stateAfter(updateSeatMedia(fullCall, 'member', { microphone: false }));
    expect(selectSeatsToAsk(call, moderatorBy('owner'), ['microphone']).map(({ id }) => id)).toEqual(['member']);
    expect(selectSeatsToAsk(call, moderatorBy('owner'), ['microphone'], 'guest')).toEqual([]);
    expect(selectSeatsToAsk(call, moderatorBy('member'), ['microphone'])).toEqual([]);
  });

  it('changes nothing when it is held again', () => {
    const call = stateAfter(holdMedia(fullCall, moderatorBy('owner'), ['camera']));
    expect(holdMedia(call, moderatorBy('owner'), ['camera'])).toMatchObject({ changes: [] });
  });
});

describe('a user who is removed from the call', () => {
  it('loses all devices, their knocks and rings, and is not let back in', () => {
    const lobby = stateAfter(knockAtDoor(callWithSeats('owner', 'guest'), memberKnock, 'member', 'lobby'));
    const inside = stateAfter(joinCall(lobby, seatOfRole('member')));
    const call = stateAfter(removeFromCall(inside, moderatorBy('owner'), 'member'));
    expect(call).toMatchObject({ barred: [{ userId: 'member', name: 'member' }], knocks: [] });
    expect(call.seats.map(({ id }) => id)).toEqual(['owner', 'guest']);
    expect(stepRefusalOf(joinCall(call, seatOfRole('member-2')))).toBe('removed_from_call');
    expect(stepRefusalOf(resumeSeat(call, 'member', 'hash-member', false))).toBe('participant_not_found');
    expect(stepRefusalOf(knockAtDoor(call, memberKnock, 'member', 'lobby'))).toBe('removed_from_call');
  });

  it('can join again after a moderator readmits them, and waits at the door again', () => {
    const removed = stateAfter(removeFromCall(fullCall, moderatorBy('owner'), 'member'));
    expect(stepRefusalOf(readmitBarredUser(removed, moderatorBy('owner'), 'guest'))).toBe('participant_not_found');
    const call = stateAfter(readmitBarredUser(removed, moderatorBy('owner'), 'member'));
    expect(stepRefusalOf(joinCall(call, seatOfRole('member'), { door: 'lobby' }))).toBe('knock_first');
    expect(joinCall(call, seatOfRole('member')).ok).toBe(true);
  });

  it('can no longer moderate, so that they cannot readmit themselves', () => {
    const call = stateAfter(removeFromCall(fullCall, moderatorBy('owner'), 'moderator'));
    const actor = moderatorBy('moderator');
    for (const step of [
      readmitBarredUser(call, actor, 'moderator'),
      holdMedia(call, actor, ['camera']),
      removeFromCall(call, actor, 'member'),
      answerKnock(call, actor, true),
      endCallByModerator(call, actor),
    ]) {
      expect(stepRefusalOf(step)).toBe('removed_from_call');
    }
  });

  it('ends the call when nobody else is in it', () => {
    const step = removeFromCall(callWithSeats('member', 'member-2'), moderatorBy('owner'), 'member');
    expect(step).toMatchObject({
      changes: [
        { type: 'barred' },
        { type: 'left', reason: 'removed' },
        { type: 'left', reason: 'removed' },
        { type: 'ended' },
      ],
    });
  });

  it('is let in anew after being removed from the room and becoming a member again', () => {
    const call = stateAfter(expelFromCall(fullCall, 'member'));
    expect(call.seats.map(({ userId }) => userId)).toEqual(['owner', 'moderator', 'guest']);
    expect(call.barred).toEqual([]);
    expect(stepRefusalOf(joinCall(call, seatOfRole('member'), { door: 'lobby' }))).toBe('knock_first');
  });
});

describe('a role that changes', () => {
  it('is shown by all seats, once', () => {
    const call = stateAfter(changeRoleInCall(fullCall, 'member', 'moderator'));
    expect(call.seats.filter(({ userId }) => userId === 'member').map(({ role }) => role)).toEqual([
      'moderator',
      'moderator',
    ]);
    expect(changeRoleInCall(call, 'member', 'moderator')).toMatchObject({ changes: [] });
  });

  it('admits a waiting user who becomes a moderator', () => {
    const call = stateAfter(knockAtDoor(callWithSeats('owner'), memberKnock, 'member', 'lobby'));
    expect(changeRoleInCall(call, 'member', 'moderator')).toMatchObject({
      changes: [{ type: 'unknocked', knockId: memberKnock.id, outcome: 'admitted' }],
    });
  });

  it('frees the new owner of holds and bars, which nobody could undo', () => {
    const held = stateAfter(holdMedia(fullCall, moderatorBy('owner'), ['camera']));
    const call = stateAfter(changeRoleInCall(held, 'member', 'owner'));
    expect(findSeatById(call, 'member-2')).toMatchObject({ role: 'owner', held: [], media: { camera: false } });
    expect(call.holds['member']).toBeUndefined();
    const removed = stateAfter(removeFromCall(held, moderatorBy('owner'), 'moderator'));
    expect(stateAfter(changeRoleInCall(removed, 'moderator', 'owner')).barred).toEqual([]);
  });
});

it('hands are lowered by moderators who outrank the participant', () => {
  const call = ['member', 'moderator'].reduce((s, id) => stateAfter(changeRaisedHand(s, id, true)), fullCall);
  expect(findSeatById(stateAfter(lowerHandOf(call, moderatorBy('moderator'), 'member')), 'member').hand).toBeNull();
  expect(stepRefusalOf(lowerHandOf(call, moderatorBy('moderator', 'other'), 'moderator'))).toBe('forbidden');
  expect(stepRefusalOf(lowerHandOf(call, moderatorBy('guest'), 'member'))).toBe('forbidden');
  expect(stepRefusalOf(lowerHandOf(call, moderatorBy('owner'), 'nobody'))).toBe('participant_not_found');
});

it.each(ROLES.flatMap((actor) => ROLES.map((target) => [actor, target] as const)))(
  'a %s moderates a %s only if they outrank them',
  (actor, target) => {
    const call = callWithSeats(target);
    const expected = canModerateRole(actor, target) ? undefined : 'forbidden';
    const moderator = moderatorBy(actor, 'somebody');
    expect(stepRefusalOf(holdMedia(call, moderator, ['camera'], target))).toBe(expected);
    expect(stepRefusalOf(allowMedia(call, moderator, ['camera'], target))).toBe(expected);
    expect(stepRefusalOf(removeFromCall(call, moderator, target))).toBe(expected);
    expect(stepRefusalOf(lowerHandOf(call, moderator, target))).toBe(expected);
  },
);

describe('a user who moves to another seat', () => {
  const moved = stateAfter(
    joinCall(
      callWithSeats('owner', 'member'),
      { ...seatOfRole('member-2'), sessionId: 'session-member' },
      { takeOver: true },
    ),
  );

  it('can still be muted and removed by the id of the old seat', () => {
    const muted = stateAfter(holdMedia(moved, moderatorBy('owner'), ['microphone'], 'member'));
    expect(findSeatById(muted, 'member-2').held).toContain('microphone');
    const removed = stateAfter(removeFromCall(moved, moderatorBy('owner'), 'member'));
    expect(removed.seats.map(({ id }) => id)).toEqual(['owner']);
  });
});

it('a ring that let its callee in does not let them in again after they were expelled', () => {
  const member = { userId: 'member', name: 'member', role: 'member' as const };
  const owner = { userId: 'owner', name: 'owner' };
  const rung = stateAfter(
    startRing(callWithSeats('owner'), { id: 'r', caller: owner, callee: member, busy: false, quiet: false }),
  );
  const inside = stateAfter(joinCall(rung, seatOfRole('member'), { door: 'lobby' }));
  expect(
    stepRefusalOf(joinCall(stateAfter(expelFromCall(inside, 'member')), seatOfRole('member'), { door: 'lobby' })),
  ).toBe('knock_first');
});
