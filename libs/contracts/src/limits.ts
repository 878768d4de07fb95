/** Limits that both client and server keep. Lengths are in UTF-16 code units unless another unit is named. */
export const PROTOCOL_LIMITS = {
  password: { min: 8, max: 72, maxBytes: 72 },
  email: { max: 254 },
  registrationCode: { max: 128 },
  roomName: { max: 100 },
  message: { max: 4000 },
  /** A box has bytes: the longest text has 12 KiB in UTF-8, and is padded and signed. */
  sealed: { keyId: { min: 16, max: 16 }, box: { min: 1, max: 32 * 1024 }, mostNotified: 50 },
  page: { max: 100, default: 50 },
  search: { max: 100 },
  ring: { maxUsers: 200 },
  invitation: { maxUses: 1000, maxHours: 24 * 365 },
  /** Real ones have 12,000 characters: four transceivers with every codec that browsers know. */
  sdp: { max: 64 * 1024 },
  candidate: { max: 2000 },
  linkReport: { max: 1000 },
  /** Bytes of what devices leave on the server for each other, and how many users’ lists one can ask for at once. */
  devices: {
    identity: { min: 32, max: 32 },
    signature: { min: 64, max: 64 },
    list: { min: 1, max: 64 * 1024 },
    keyPackage: { min: 1, max: 16 * 1024 },
    pairingRequest: { min: 1, max: 4 * 1024 },
    mac: { min: 32, max: 32 },
    sealed: { min: 1, max: 4 * 1024 },
    usersAsked: 100,
  },
  /**
   * Bytes of what the chain and the groups of a room consist of. The id of a group has the room’s id as text, four bytes
   * of its generation, and 16 random ones. For 200 devices at once, commit and welcome have 0.5 MB each.
   */
  groups: {
    id: { min: 56, max: 56 },
    chainItem: { min: 1, max: 2 * 1024 },
    signature: { min: 64, max: 64 },
    commit: { min: 1, max: 1024 * 1024 },
    welcome: { min: 1, max: 1024 * 1024 },
    groupInfo: { min: 1, max: 1024 * 1024 },
    keyRequest: { min: 1, max: 4 * 1024 },
    keyAnswer: { min: 1, max: 2 * 1024 * 1024 },
  },
  /** Bytes of one REST body: to most endpoints, and to the few that take many sealed or signed bytes at once. */
  body: { max: 64 * 1024, large: 3 * 1024 * 1024 },
  /**
   * Of a vault, in bytes. `append` is the sum of all boxes, headers and wraps of one step; `length` of a log, `records`
   * and `wraps` of one step, and `wrapsOfGeneration` are numbers of them.
   */
  vault: {
    header: { min: 1, max: 16 * 1024 },
    box: { min: 28, max: 64 * 1024 },
    encapsulated: { min: 32, max: 2048 },
    wrapBox: { min: 16, max: 256 },
    append: { max: 1024 * 1024 },
    length: { max: 1_000_000_000 },
    records: { max: 200 },
    wraps: { max: 32 },
    wrapsOfGeneration: { max: 64 },
  },
  /** Bytes of one socket frame. Longer frames close the connection; too long fields within it get an error answer. */
  frame: { max: 1024 * 1024 },
  /**
   * Characters that wait to be sent to a slow socket: above `behind` signals to it are refused, above `max` the
   * connection is closed.
   */
  unsent: { behind: 512 * 1024, max: 4 * 1024 * 1024 },
} as const;

/**
 * Names of the quotas for one user or one room; the server's settings set their limits. They count the `rooms` that a
 * user has created, the `guests` who joined by a user's invitations, the open `invitations` of a room, a user's
 * `messages` per day, signed-in `devices`, open `sockets`, of which every tab of every device has one, and the
 * megabytes of a user's `vault`.
 */
export const QUOTA_NAMES = ['rooms', 'guests', 'invitations', 'messages', 'devices', 'sockets', 'vault'] as const;

/** Name of a quota, as in the details of `quota_reached`. */
export type QuotaName = (typeof QUOTA_NAMES)[number];

/** How often a socket pings and how long it waits for the answer, in ms: both decide how soon a loss is noticed. */
export const SOCKET_HEARTBEAT = { interval: 2000, timeout: 4000 } as const;

/** How long a seat is kept without a socket, in ms. */
export const SEAT_LEASE_DURATION_MS = 15_000;
