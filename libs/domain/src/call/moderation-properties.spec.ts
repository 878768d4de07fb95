import fc from 'fast-check';
import { canModerateRole, type Role, ROLES } from '../role';
import { changeRaisedHand, joinCall, leaveCall, resumeSeat, updateSeatMedia } from './call';
import { type CallState, type CallStep, DOORS, MEDIA_KINDS, type MediaKind } from './call-state';
import { answerKnock, applyDoorChange, knockAtDoor } from './knock';
import {
  allowMedia,
  changeRoleInCall,
  expelFromCall,
  holdMedia,
  lowerHandOf,
  readmitBarredUser,
  removeFromCall,
} from './moderation';
import {
  callWithSeats,
  findSeatById,
  fullCall,
  moderatorBy,
  seatOfRole,
  stateAfter,
  userIdOf,
} from './testing/call-fixtures';

describe('under any commands of anybody', () => {
  const devices = ['owner', 'moderator', 'member', 'member-2', 'guest', 'guest-2'];
  const device = fc.constantFrom(...devices);
  const role = fc.constantFrom(...ROLES);
  const user = fc.constantFrom('owner', 'moderator', 'member', 'guest');
  const kinds = fc.subarray([...MEDIA_KINDS], { minLength: 1 });
  const door = fc.constantFrom(...DOORS);
  type Command = (call: CallState) => CallStep;
  const commands: fc.Arbitrary<Command>[] = [
    fc.tuple(device, role, door).map(
      ([id, r, d]): Command =>
        (call) =>
          joinCall(call, seatOfRole(id, r), { door: d, takeOver: true }),
    ),
    device.map(
      (id): Command =>
        (call) =>
          leaveCall(call, id, 'left'),
    ),
    fc.tuple(device, fc.boolean()).map(
      ([id, fresh]): Command =>
        (call) =>
          resumeSeat(call, id, `hash-${id}`, fresh),
    ),
    fc.tuple(device, fc.constantFrom<MediaKind>(...MEDIA_KINDS), fc.boolean()).map(
      ([id, kind, on]): Command =>
        (call) =>
          updateSeatMedia(call, id, { [kind]: on }),
    ),
    fc.tuple(device, fc.boolean()).map(
      ([id, up]): Command =>
        (call) =>
          changeRaisedHand(call, id, up),
    ),
    fc.tuple(user, role, device).map(
      ([id, r, target]): Command =>
        (call) =>
          lowerHandOf(call, moderatorBy(r, id), target),
    ),
    fc.tuple(user, role, kinds, fc.option(device, { nil: undefined })).map(
      ([id, r, k, target]): Command =>
        (call) =>
          holdMedia(call, moderatorBy(r, id), k, target),
    ),
    fc.tuple(user, role, kinds, fc.option(device, { nil: undefined })).map(
      ([id, r, k, target]): Command =>
        (call) =>
          allowMedia(call, moderatorBy(r, id), k, target),
    ),
    fc.tuple(user, role, device).map(
      ([id, r, target]): Command =>
        (call) =>
          removeFromCall(call, moderatorBy(r, id), target),
    ),
    fc.tuple(user, role, user).map(
      ([id, r, target]): Command =>
        (call) =>
          readmitBarredUser(call, moderatorBy(r, id), target),
    ),
    fc.tuple(user, role).map(
      ([id, r]): Command =>
        (call) =>
          changeRoleInCall(call, id, r),
    ),
    user.map(
      (id): Command =>
        (call) =>
          expelFromCall(call, id),
    ),
    fc.tuple(device, role, door).map(
      ([id, r, d]): Command =>
        (call) =>
          knockAtDoor(call, { id: `session-${id}`, userId: userIdOf(id), name: id }, r, d),
    ),
    fc.tuple(user, role, fc.boolean(), fc.option(device, { nil: undefined })).map(
      ([id, r, admit, target]): Command =>
        (call) =>
          answerKnock(call, moderatorBy(r, id), admit, target && `session-${target}`),
    ),
    door.map(
      (d): Command =>
        (call) =>
          applyDoorChange(call, d),
    ),
  ];

  /** Runs commands one after another and calls `look` after each step that is not refused. */
  const after = (look: (call: CallState, step: CallStep & { ok: true }, before: CallState) => void) =>
    fc.assert(
      fc.property(fc.array(fc.oneof(...commands), { maxLength: 80 }), (list) => {
        let call = callWithSeats('owner');
        for (const command of list) {
          const step = command(call);
          if (!step.ok) continue;
          look(step.state, step, call);
          const ended = step.changes.some(({ type }) => type === 'ended');
          call = ended ? callWithSeats('owner') : step.state;
        }
      }),
    );

  it('held media is never on, and each seat shows the holds of its user', () =>
    after((call) => {
      for (const { userId, held, media } of call.seats) {
        expect(new Set(held)).toEqual(new Set(call.holds[userId] ?? []));
        expect(held.filter((kind) => media[kind])).toEqual([]);
      }
    }));

  it('a barred user has no seat and does not wait at the door', () =>
    after((call) => {
      const barred = new Set(call.barred.map(({ userId }) => userId));
      expect(barred.size).toBe(call.barred.length);
      expect([...call.seats, ...call.knocks].filter(({ userId }) => barred.has(userId))).toEqual([]);
      expect(call.admitted.filter((userId) => barred.has(userId))).toEqual([]);
    }));

  it('hands are unique, and a hand that is raised later comes after the others', () =>
    after((call, _, before) => {
      const up = call.seats.flatMap(({ id, hand }) => (hand === null ? [] : [{ id, hand }]));
      expect(new Set(up.map(({ hand }) => hand)).size).toBe(up.length);
      const was = (id: string) => before.seats.find((other) => other.id === id)?.hand;
      const raised = up.filter(({ id, hand }) => was(id) !== hand);
      for (const { hand } of raised) expect(up.filter((other) => other.hand > hand)).toEqual([]);
    }));

  it('versions count the changes, everybody waits once, and a call that is over has nobody left', () =>
    after((call, { changes }, before) => {
      expect(call.version).toBe(before.version + changes.length);
      expect(new Set(call.knocks.map(({ id }) => id)).size).toBe(call.knocks.length);
      const ended = changes.findIndex(({ type }) => type === 'ended');
      expect(ended).toBe(call.seats.length === 0 && call.version > 0 ? changes.length - 1 : -1);
      if (ended !== -1) expect(call.knocks).toEqual([]);
    }));

  it('no step of a moderator touches a seat of their own rank or above', () => {
    const below = fc.tuple(fc.constantFrom<Role>('moderator', 'member', 'guest'), kinds, device);
    fc.assert(
      fc.property(fc.array(below, { maxLength: 20 }), (list) => {
        for (const [actor, k, target] of list) {
          const who = moderatorBy(actor, 'somebody');
          const steps = [
            holdMedia(fullCall, who, k),
            holdMedia(fullCall, who, k, target),
            allowMedia(fullCall, who, k, target),
            removeFromCall(fullCall, who, target),
            lowerHandOf(stateAfter(changeRaisedHand(fullCall, 'owner', true)), who, target),
          ];
          for (const step of steps) {
            if (!step.ok) continue;
            for (const { id, role: r } of fullCall.seats) {
              if (canModerateRole(actor, r)) continue;
              const { hand: _, ...same } = findSeatById(fullCall, id);
              expect(findSeatById(step.state, id)).toMatchObject(same);
            }
          }
        }
      }),
    );
  });
});
