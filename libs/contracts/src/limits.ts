/** Sizes that both sides keep to. Lengths are in UTF-16 code units unless another unit is named. */
export const LIMITS = {
  password: { min: 8, max: 72, maxBytes: 72 },
  email: { max: 254 },
  registrationCode: { max: 128 },
  roomName: { max: 100 },
  message: { max: 4000 },
  page: { max: 100, default: 50 },
  search: { max: 100 },
  ring: { maxUsers: 200 },
  invitation: { maxUses: 1000, maxHours: 24 * 365 },
  /** Real ones have 12,000 characters: four transceivers with every codec that browsers know. */
  sdp: { max: 64 * 1024 },
  candidate: { max: 2000 },
  linkReport: { max: 1000 },
  /** Bytes of one REST body. */
  body: { max: 64 * 1024 },
  /** Bytes of one socket frame. Beyond it the connection is closed; within it, what is too long is refused in words. */
  frame: { max: 1024 * 1024 },
  /**
   * Characters that wait for a socket that does not take them: from when on whoever signals it is refused, and from when on
   * the connection is closed.
   */
  unsent: { behind: 512 * 1024, max: 4 * 1024 * 1024 },
} as const;

/**
 * What there may be only so much of, for one person or in one room; the server's settings say how much. `rooms` that one
 * has made, `guests` who have come by one's invitations, open `invitations` of a room, `messages` a day, `devices` that
 * are signed in, and open `sockets`: every tab of every device has one.
 */
export const QUOTAS = ['rooms', 'guests', 'invitations', 'messages', 'devices', 'sockets'] as const;

/** Name of a quota, as `quota_reached` tells it. */
export type QuotaName = (typeof QUOTAS)[number];

/** How often a socket pings and how long it waits for the answer, in ms: decides how soon a dead network is noticed. */
export const HEARTBEAT = { interval: 3000, timeout: 3000 } as const;

/** How long a seat is kept without its socket, in ms. */
export const SEAT_LEASE = 15_000;
