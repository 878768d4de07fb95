import type { QuotaName } from '@webcall/contracts';
import { CALL_CAPACITY } from '@webcall/domain';
import type { ApiError } from '../../app/core/net/api-error';

/** What went wrong, what is safe and what to do, for every code. */
export const errors: Record<ApiError['code'], string> = {
  invalid_input: 'Something here is not filled in right. Please check it.',
  unknown_command: 'This page is older than the server. Please reload it.',
  password_too_long: 'This password is too long: 72 letters at most, fewer if they are not Latin.',
  password_too_common: 'This is one of the first passwords that are guessed. Please choose another one.',
  password_like_name: 'This is too close to your username, your email or “webcall”. Please choose another one.',
  unauthorized: 'Please sign in.',
  invalid_credentials: 'This name or email and this password do not match.',
  token_expired: 'You have been away for long. Please sign in again.',
  session_ended: 'This session has ended. Please sign in again.',
  forbidden: 'You are not allowed to do this here.',
  origin_refused:
    'The server takes this page for one of another site. If you run it: let the proxy pass “Host”, and name it in TRUSTED_PROXIES, or add the address of this page to CORS_ORIGINS.',
  registration_code_wrong: 'This code is not right. Ask the person who runs this server for the sign-up link.',
  wrong_password: 'This password is not right.',
  not_contacts: 'You are not contacts, so you can only read here.',
  removed_from_room: 'A moderator took you out of this room. Only a moderator can let you back in.',
  removed_from_call: 'You were taken out of this call. Only a moderator can let you back in.',
  room_locked: 'This room and its call are locked: nobody new can come in. A moderator can unlock them.',
  knock_first: 'A moderator lets people into this call. Ask to join.',
  media_held: 'A moderator has turned this off. Raise your hand to ask.',
  resume_key_wrong: 'Your place in the call was given up. Please join again.',
  device_required: 'This browser is not among your devices. Let it in by another device of yours.',
  not_found: 'There is nothing here any more.',
  room_not_found: 'There is no such room, or it is not open to you.',
  member_not_found: 'This person is no longer in the room.',
  message_not_found: 'This message is no longer there.',
  user_not_found: 'There is no such person here.',
  device_list_not_found: 'There are no devices to be found.',
  device_not_found: 'This device is no longer there.',
  pairing_not_found: 'The other device waits no more, or was let in already.',
  new_start_not_found: 'This new start was called off.',
  contact_not_found: 'You are not contacts.',
  request_not_found: 'This contact request is no longer there.',
  key_request_not_found: 'That device asks for keys no more.',
  group_not_found: 'The keys of this room were set up anew. Please try again.',
  removal_not_found: 'This person can come back already.',
  ring_not_found: 'This call has already ended.',
  knock_not_found: 'This person no longer waits.',
  session_not_found: 'This session has already ended.',
  invitation_not_found: 'There is no such invitation. Check that the whole link was copied.',
  participant_not_found: 'This person is no longer in the call.',
  name_reserved: 'This name would be taken for the server or for those who run it. Please choose another one.',
  username_taken: 'This username, or one that looks like it, is taken. Please choose another one.',
  name_taken: 'Somebody in this room has this name, or one that looks like it. Please choose another one.',
  email_taken: 'There is an account with this email already. Sign in instead.',
  id_taken: 'This could not be sent. Please write it again.',
  room_public: 'This room is public. Make it private first.',
  room_encrypted: 'This page is too old to write in this room. Please reload it.',
  room_not_encrypted: 'This room takes plain messages only. Please reload the page.',
  room_rekeying: 'Somebody has left, and the room is getting new keys. Please try again in a moment.',
  epoch_past: 'The room has just got new keys. Please try again.',
  encrypted_room_full: 'The devices of the people in this room are too many for one more.',
  call_full: `The call is full: ${CALL_CAPACITY} people at most.`,
  already_in_call: 'You are in this call already, in another tab.',
  not_in_call: 'You are no longer in the call.',
  participant_away: 'This person has no connection at the moment.',
  user_blocked: 'You have blocked this person. Unblock them first.',
  ring_over: 'This call was answered or has ended.',
  callee_in_call: 'This person is in the call already.',
  call_not_running: 'There is no call in this room at the moment.',
  device_list_outdated: 'Your devices have changed on another device meanwhile. Please try again.',
  new_start_required: 'You have keys already. Let this browser in by another device, or start anew.',
  new_start_waits: 'Another device of yours is in use. Agree on it to start anew, or wait until tomorrow.',
  quota_reached: 'A limit of this server is reached, so there cannot be more of this.',
  invitation_expired: 'This invitation has expired. Ask for a new link.',
  invitation_used_up: 'This invitation has been used up. Ask for a new link.',
  invitation_revoked: 'This invitation is no longer valid. Ask for a new link.',
  reset_link_invalid: 'This link was used, replaced by a newer one, or is too old. Ask for a new one.',
  payload_too_large: 'This is too large to be sent.',
  too_many_sockets: 'This page is connected already. Please reload it.',
  too_many_requests: 'That was a bit fast. Please wait a moment and try again.',
  too_busy: 'Many people are signing in at the moment. Please try again in a few seconds.',
  internal_error: 'Something went wrong on the server. Please try again.',
  unavailable: 'The server is busy or starting. Please try again in a moment.',
  offline: 'No connection. Check your network and try again.',
  timeout: 'The server takes too long to answer. Please try again.',
};

const many = (limit: number): string => limit.toLocaleString('en');

/** For `quota_reached`, by what there cannot be more of: how much there can be, and what to do. */
export const quotas: Record<QuotaName, (limit: number) => string> = {
  rooms: (limit) => `You have made as many rooms as you can have here: ${many(limit)}. Delete one first.`,
  guests: (limit) =>
    `Whoever invited you has as many guests as one person can have here: ${many(limit)}. Ask them to make room for you.`,
  invitations: (limit) =>
    `This room has as many open invitations as it can have: ${many(limit)}. Withdraw one first, or send a link again that you have.`,
  messages: (limit) =>
    `You have written as much as one can on one day here: ${many(limit)} messages. Please try again tomorrow.`,
  devices: (limit) =>
    `You are signed in on as many devices as you can be: ${many(limit)}. Sign one out in the settings on another device. If you have none at hand, ask the person who runs this server for a reset link: it signs all of them out.`,
  vault: (limit) =>
    `What your next device needs to read your messages takes as much room here as it can: ${many(limit)} MB. Ask the person who runs this server for more.`,
  sockets: (limit) =>
    `WebCall is open in as many of your tabs as can be: ${many(limit)}. Close some, and this page connects by itself.`,
};
