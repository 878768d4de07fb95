import { joinCall, leaveCall, raiseHand, resumeSeat, updateSeat } from './call';
import { by, everything, full, refusal, seat, seated, state, visitor, withSeats } from './testing/callers';
import { answerKnock, knock } from './knock';
import {
  alignCall,
  allowMedia,
  changeRoleInCall,
  expel,
  holdMedia,
  lowerHand,
  readmit,
  removeFromCall,
  stopCall,
  whomToAsk,
} from './moderation';
import { startRing } from './ring';
import { mayModerate, ROLES } from '../role';

describe('a call whose room has changed unseen', () => {
  const roles = new Map(full.seats.map(({ userId, role }) => [userId, role]));

  it('stays as it is when nothing has', () => {
    expect(alignCall(full, roles, 'open')).toMatchObject({ changes: [] });
  });

  it('loses who is in the room no more, shows new roles, and answers who waits by the door', () => {
    const waiting = state(knock(full, { ...visitor, userId: 'else' }, 'member', 'lobby'));
    const now = new Map([...roles, ['member', 'moderator'] as const, ['else', 'member'] as const]);
    now.delete('guest');
    const call = state(alignCall(waiting, now, 'locked'));
    expect(call.seats.map(({ userId, role }) => [userId, role])).toEqual([
      ['owner', 'owner'],
      ['moderator', 'moderator'],
      ['member', 'moderator'],
      ['member', 'moderator'],
    ]);
    expect(call.knocks).toEqual([]);
    expect(call.admitted).not.toContain('else');
  });

  it('ends with the room', () => {
    expect(alignCall(full, new Map(), 'locked')).toMatchObject({ state: { seats: [] } });
  });
});

describe('held media', () => {
  it('is turned off on all devices of the user, and cannot be turned on, nor by coming back', () => {
    const call = state(holdMedia(full, by('moderator'), ['microphone'], 'member'));
    for (const id of ['member', 'member-2']) {
      expect(seated(call, id)).toMatchObject({
        held: ['microphone', 'screenSound'],
        media: { microphone: false, camera: true, screenSound: false },
      });
    }
    expect(refusal(updateSeat(call, 'member', { microphone: true }))).toBe('media_held');
    expect(refusal(updateSeat(call, 'member', { microphone: false, camera: false }))).toBeUndefined();
    const back = state(joinCall(state(leaveCall(call, 'member', 'left')), seat('member-3')));
    expect(seated(back, 'member-3')).toMatchObject({
      held: ['microphone', 'screenSound'],
      media: { microphone: false },
    });
  });

  it('takes the sound of the screen with the screen', () => {
    const call = state(holdMedia(full, by('owner'), ['screen'], 'member'));
    expect(seated(call, 'member').media).toEqual({ ...everything, screen: false, screenSound: false });
    expect(seated(state(allowMedia(call, by('owner'), ['screen'], 'member')), 'member').held).toEqual([]);
  });

  it('takes the sound of the screen with the voice, and gives it back when neither is held', () => {
    const both = state(holdMedia(full, by('owner'), ['microphone', 'screen'], 'member'));
    const muted = state(allowMedia(both, by('owner'), ['screen'], 'member'));
    expect(seated(muted, 'member').held).toEqual(['microphone', 'screenSound']);
    expect(refusal(updateSeat(muted, 'member', { screen: true, screenSound: true }))).toBe('media_held');
    expect(seated(state(allowMedia(muted, by('owner'), ['microphone'], 'member')), 'member').held).toEqual([]);
  });

  it('is that of everybody below the moderator when nobody is named', () => {
    const call = state(holdMedia(full, by('moderator'), ['microphone']));
    expect(call.seats.filter(({ held }) => held.length > 0).map(({ id }) => id)).toEqual([
      'member',
      'member-2',
      'guest',
    ]);
  });

  it('stays off when it is allowed, until the participant turns it on', () => {
    const call = state(allowMedia(state(holdMedia(full, by('owner'), ['camera'])), by('owner'), ['camera'], 'member'));
    expect(seated(call, 'member')).toMatchObject({ held: [], media: { camera: false } });
    expect(seated(call, 'guest').held).toEqual(['camera']);
    expect(seated(state(updateSeat(call, 'member', { camera: true })), 'member').media.camera).toBe(true);
  });

  it('is asked for from those who do not send it', () => {
    const call = state(updateSeat(full, 'member', { microphone: false }));
    expect(whomToAsk(call, by('owner'), ['microphone']).map(({ id }) => id)).toEqual(['member']);
    expect(whomToAsk(call, by('owner'), ['microphone'], 'guest')).toEqual([]);
    expect(whomToAsk(call, by('member'), ['microphone'])).toEqual([]);
  });

  it('changes nothing when it is held again', () => {
    const call = state(holdMedia(full, by('owner'), ['camera']));
    expect(holdMedia(call, by('owner'), ['camera'])).toMatchObject({ changes: [] });
  });
});

describe('who is taken out of the call', () => {
  it('loses all devices, their knocks and rings, and is not let back in', () => {
    const lobby = state(knock(withSeats('owner', 'guest'), visitor, 'member', 'lobby'));
    const inside = state(joinCall(lobby, seat('member')));
    const call = state(removeFromCall(inside, by('owner'), 'member'));
    expect(call).toMatchObject({ barred: [{ userId: 'member', name: 'member' }], knocks: [] });
    expect(call.seats.map(({ id }) => id)).toEqual(['owner', 'guest']);
    expect(refusal(joinCall(call, seat('member-2')))).toBe('removed_from_call');
    expect(refusal(resumeSeat(call, 'member', 'hash-member', false))).toBe('participant_not_found');
    expect(refusal(knock(call, visitor, 'member', 'lobby'))).toBe('removed_from_call');
  });

  it('comes back when a moderator says so, and waits at the door again', () => {
    const removed = state(removeFromCall(full, by('owner'), 'member'));
    expect(refusal(readmit(removed, by('owner'), 'guest'))).toBe('participant_not_found');
    const call = state(readmit(removed, by('owner'), 'member'));
    expect(refusal(joinCall(call, seat('member'), { door: 'lobby' }))).toBe('knock_first');
    expect(joinCall(call, seat('member')).ok).toBe(true);
  });

  it('moderates no more, least of all to their own good', () => {
    const call = state(removeFromCall(full, by('owner'), 'moderator'));
    const actor = by('moderator');
    for (const step of [
      readmit(call, actor, 'moderator'),
      holdMedia(call, actor, ['camera']),
      removeFromCall(call, actor, 'member'),
      answerKnock(call, actor, true),
      stopCall(call, actor),
    ]) {
      expect(refusal(step)).toBe('removed_from_call');
    }
  });

  it('ends the call when nobody else is in it', () => {
    const step = removeFromCall(withSeats('member', 'member-2'), by('owner'), 'member');
    expect(step).toMatchObject({
      changes: [
        { type: 'barred' },
        { type: 'left', reason: 'removed' },
        { type: 'left', reason: 'removed' },
        { type: 'ended' },
      ],
    });
  });

  it('is let in anew when they were taken out of the room and are a member again', () => {
    const call = state(expel(full, 'member'));
    expect(call.seats.map(({ userId }) => userId)).toEqual(['owner', 'moderator', 'guest']);
    expect(call.barred).toEqual([]);
    expect(refusal(joinCall(call, seat('member'), { door: 'lobby' }))).toBe('knock_first');
  });
});

describe('a role that changes', () => {
  it('is shown by all seats, once', () => {
    const call = state(changeRoleInCall(full, 'member', 'moderator'));
    expect(call.seats.filter(({ userId }) => userId === 'member').map(({ role }) => role)).toEqual([
      'moderator',
      'moderator',
    ]);
    expect(changeRoleInCall(call, 'member', 'moderator')).toMatchObject({ changes: [] });
  });

  it('lets in who moderates from now on', () => {
    const call = state(knock(withSeats('owner'), visitor, 'member', 'lobby'));
    expect(changeRoleInCall(call, 'member', 'moderator')).toMatchObject({
      changes: [{ type: 'unknocked', knockId: visitor.id, outcome: 'admitted' }],
    });
  });

  it('frees whoever owns the room now of what nobody could undo', () => {
    const held = state(holdMedia(full, by('owner'), ['camera']));
    const call = state(changeRoleInCall(held, 'member', 'owner'));
    expect(seated(call, 'member-2')).toMatchObject({ role: 'owner', held: [], media: { camera: false } });
    expect(call.holds['member']).toBeUndefined();
    const removed = state(removeFromCall(held, by('owner'), 'moderator'));
    expect(state(changeRoleInCall(removed, 'moderator', 'owner')).barred).toEqual([]);
  });
});

it('hands are taken down by moderators above', () => {
  const call = ['member', 'moderator'].reduce((s, id) => state(raiseHand(s, id, true)), full);
  expect(seated(state(lowerHand(call, by('moderator'), 'member')), 'member').hand).toBeNull();
  expect(refusal(lowerHand(call, by('moderator', 'other'), 'moderator'))).toBe('forbidden');
  expect(refusal(lowerHand(call, by('guest'), 'member'))).toBe('forbidden');
  expect(refusal(lowerHand(call, by('owner'), 'nobody'))).toBe('participant_not_found');
});

it.each(ROLES.flatMap((actor) => ROLES.map((target) => [actor, target] as const)))(
  'a %s moderates a %s only from above',
  (actor, target) => {
    const call = withSeats(target);
    const expected = mayModerate(actor, target) ? undefined : 'forbidden';
    const moderator = by(actor, 'somebody');
    expect(refusal(holdMedia(call, moderator, ['camera'], target))).toBe(expected);
    expect(refusal(allowMedia(call, moderator, ['camera'], target))).toBe(expected);
    expect(refusal(removeFromCall(call, moderator, target))).toBe(expected);
    expect(refusal(lowerHand(call, moderator, target))).toBe(expected);
  },
);

describe('whoever changes seats', () => {
  const moved = state(
    joinCall(withSeats('owner', 'member'), { ...seat('member-2'), sessionId: 'session-member' }, { takeOver: true }),
  );

  it('is still muted and removed by the seat that they gave up', () => {
    const muted = state(holdMedia(moved, by('owner'), ['microphone'], 'member'));
    expect(seated(muted, 'member-2').held).toContain('microphone');
    const removed = state(removeFromCall(moved, by('owner'), 'member'));
    expect(removed.seats.map(({ id }) => id)).toEqual(['owner']);
  });
});

it('lets nobody in by a ring who was let in by it before and then taken out', () => {
  const member = { userId: 'member', name: 'member', role: 'member' as const };
  const owner = { userId: 'owner', name: 'owner' };
  const rung = state(
    startRing(withSeats('owner'), { id: 'r', caller: owner, callee: member, busy: false, quiet: false }),
  );
  const inside = state(joinCall(rung, seat('member'), { door: 'lobby' }));
  expect(refusal(joinCall(state(expel(inside, 'member')), seat('member'), { door: 'lobby' }))).toBe('knock_first');
});
