/**
 * Every error code with its HTTP status and the sentence that people read when a client has no text of its own.
 * Codes are stable: clients and tests rely on them. The same codes are used over REST and in acknowledgements.
 */
export const ERROR_CATALOG = {
  invalid_input: { status: 400, message: 'Something in the request is not valid.' },
  unknown_command: { status: 400, message: 'There is no such command.' },
  password_too_long: { status: 400, message: 'A password can have at most 72 bytes.' },
  password_too_common: { status: 400, message: 'This password is among the first that are guessed.' },
  password_like_name: { status: 400, message: 'This password is made of the username, the e-mail or “webcall”.' },
  unauthorized: { status: 401, message: 'Please sign in.' },
  invalid_credentials: { status: 401, message: 'This name and password do not match.' },
  token_expired: { status: 401, message: 'The access token has expired.' },
  session_ended: { status: 401, message: 'This session has ended. Please sign in again.' },
  forbidden: { status: 403, message: 'You are not allowed to do this.' },
  origin_refused: { status: 403, message: 'This page has an address that the server does not take for its own.' },
  registration_code_wrong: { status: 403, message: 'This registration code is not right.' },
  wrong_password: { status: 403, message: 'This password is not right.' },
  not_contacts: { status: 403, message: 'You are not contacts, so nobody can write or call here.' },
  removed_from_room: { status: 403, message: 'You were removed from this room.' },
  removed_from_call: { status: 403, message: 'You were removed from this call.' },
  room_locked: { status: 403, message: 'This room and its call are locked. Nobody new can come in.' },
  knock_first: { status: 403, message: 'Somebody in the call has to let you in.' },
  media_held: { status: 403, message: 'A moderator has turned this off.' },
  resume_key_wrong: { status: 403, message: 'This seat belongs to another device.' },
  device_required: { status: 403, message: 'This session belongs to no device in the list of your devices.' },
  not_found: { status: 404, message: 'There is nothing here.' },
  room_not_found: { status: 404, message: 'There is no such room, or it is not open to you.' },
  member_not_found: { status: 404, message: 'This person is not a member of the room.' },
  message_not_found: { status: 404, message: 'There is no such message.' },
  session_not_found: { status: 404, message: 'There is no such session.' },
  invitation_not_found: { status: 404, message: 'There is no such invitation.' },
  device_list_not_found: { status: 404, message: 'There is no such device list, or it is not open to you.' },
  device_not_found: { status: 404, message: 'There is no such device, or it is not open to you.' },
  pairing_not_found: { status: 404, message: 'This device waits no more, or was answered already.' },
  new_start_not_found: { status: 404, message: 'Nobody has asked for a new start with this identity.' },
  user_not_found: { status: 404, message: 'There is no such user.' },
  contact_not_found: { status: 404, message: 'This user is not a contact of yours.' },
  request_not_found: { status: 404, message: 'There is no such contact request.' },
  key_request_not_found: { status: 404, message: 'This device asks for keys no more.' },
  group_not_found: { status: 404, message: 'This room has no such group.' },
  removal_not_found: { status: 404, message: 'This user was not removed.' },
  ring_not_found: { status: 404, message: 'There is no such ring.' },
  knock_not_found: { status: 404, message: 'Nobody waits there any more.' },
  participant_not_found: { status: 404, message: 'This participant is not in the call.' },
  name_reserved: { status: 409, message: 'Nobody can have this name, or one that looks like it.' },
  username_taken: { status: 409, message: 'This username, or one that looks like it, is taken.' },
  name_taken: { status: 409, message: 'A member of this room has this name, or one that looks like it.' },
  email_taken: { status: 409, message: 'There is an account with this e-mail already.' },
  id_taken: { status: 409, message: 'This id belongs to something else.' },
  room_public: { status: 409, message: 'This room is public. Make it private first.' },
  room_encrypted: { status: 409, message: 'This room takes sealed messages only, and stays private.' },
  room_not_encrypted: { status: 409, message: 'This room takes plain messages only.' },
  room_rekeying: { status: 409, message: 'Somebody has left. The room needs new keys before it takes messages.' },
  epoch_past: { status: 409, message: 'This was sealed with keys that the room no longer uses.' },
  encrypted_room_full: { status: 409, message: 'This room cannot have more devices.' },
  call_full: { status: 409, message: 'The call is full.' },
  already_in_call: { status: 409, message: 'This device is in the call already.' },
  not_in_call: { status: 409, message: 'You are not in a call.' },
  user_blocked: { status: 409, message: 'You have blocked this user.' },
  ring_over: { status: 409, message: 'This ring is over.' },
  callee_in_call: { status: 409, message: 'This user is in the call already.' },
  call_not_running: { status: 409, message: 'There is no call in this room.' },
  participant_away: { status: 409, message: 'This participant cannot be reached at the moment.' },
  device_list_outdated: { status: 409, message: 'The list of your devices has changed meanwhile.' },
  new_start_required: { status: 409, message: 'You have another identity. Ask for a new start first.' },
  new_start_waits: { status: 409, message: 'Another device of yours is in use. Please wait until the next day.' },
  quota_reached: { status: 409, message: 'There cannot be more of these: a limit of this server is reached.' },
  invitation_expired: { status: 410, message: 'This invitation has expired.' },
  invitation_used_up: { status: 410, message: 'This invitation has been used up.' },
  invitation_revoked: { status: 410, message: 'This invitation was withdrawn, or who made it may no longer invite.' },
  reset_link_invalid: { status: 410, message: 'This link has been used or replaced, or is older than 30 minutes.' },
  payload_too_large: { status: 413, message: 'This is too large.' },
  too_many_sockets: { status: 429, message: 'This connection has a socket already.' },
  too_many_requests: { status: 429, message: 'That was too often. Please wait a moment.' },
  internal_error: { status: 500, message: 'Something went wrong on the server.' },
  too_busy: { status: 503, message: 'Too many people are signing in. Please try again in a few seconds.' },
  unavailable: { status: 503, message: 'The server cannot do this at the moment. Please try again.' },
} as const satisfies Record<string, { status: number; message: string }>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CATALOG;

/** An error, the same for REST and sockets. */
export class WireError {
  /**
   * Stable code.
   * @example "room_not_found"
   */
  code!: ErrorCode;

  /**
   * A sentence for people, in English.
   * @example "There is no such room, or it is not open to you."
   */
  message!: string;

  /**
   * Id of the request, to find it in the server's log. Over REST only.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  requestId?: string;

  /**
   * Details: for `invalid_input` the wrong fields with the reasons; for `quota_reached` the name of the `quota` and its
   * `limit`; for `new_start_waits` from when on it may happen, as `opensAt`.
   */
  details?: Record<string, unknown>;
}

/** Body of every REST answer that is not a success. */
export class ErrorBody {
  error!: WireError;
}
