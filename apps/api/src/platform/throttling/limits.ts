/** What requests are grouped by for counting. */
type LimitBy = 'user' | 'address' | 'address+email';

/** How often an action is allowed in a time, or how many characters it may send. */
export interface LimitDefinition {
  readonly limit: number;
  readonly seconds: number;
  readonly by: LimitBy;
  /** Each process counts for itself: a health probe must not wait for Redis. */
  readonly alone?: true;
}

/**
 * Every limit of the server, over REST and over the socket; `THROTTLE_SCALE` multiplies them. A `socket:` limit is
 * counted for each command by itself: using up one command takes nothing from another. Failed sign-ins have limits of
 * their own: `login` per address and entered name, so that nobody can lock somebody else out, and `login:address` per
 * address, since a whole office may sign in from one address. `traffic:` limits the characters that one user makes the
 * server send to others: in total, and to one other user. Together with the limits on commands with short messages it
 * prevents users from filling the send buffers of others.
 */
export const LIMITS_BY_NAME = {
  register: { limit: 60, seconds: 60, by: 'address' },
  login: { limit: 20, seconds: 60, by: 'address+email' },
  'login:address': { limit: 60, seconds: 60, by: 'address' },
  'login:attempt': { limit: 200, seconds: 60, by: 'address' },
  reset: { limit: 20, seconds: 60, by: 'address' },
  refresh: { limit: 120, seconds: 60, by: 'address' },
  guest: { limit: 60, seconds: 60, by: 'address' },
  invitation: { limit: 120, seconds: 60, by: 'address' },
  password: { limit: 20, seconds: 60, by: 'user' },
  people: { limit: 60, seconds: 60, by: 'user' },
  contact: { limit: 60, seconds: 60, by: 'user' },
  /** For changes of one's devices, which many others are told of. */
  devices: { limit: 30, seconds: 600, by: 'user' },
  'devices:new-start': { limit: 5, seconds: 24 * 3600, by: 'user' },
  'devices:lists': { limit: 120, seconds: 60, by: 'user' },
  /** A new group of many devices needs a key package of each. */
  'devices:key-packages': { limit: 600, seconds: 60, by: 'user' },
  /** By device: how often the group of a room can be made to change. */
  'groups:commit': { limit: 10, seconds: 60, by: 'user' },
  /** A room of a hundred people begins with an item for each. */
  'groups:chain': { limit: 300, seconds: 3600, by: 'user' },
  'groups:regroup': { limit: 5, seconds: 3600, by: 'user' },
  /** For answers of up to 3 MB. */
  'groups:fetch': { limit: 240, seconds: 60, by: 'user' },
  /** For what makes the devices of others work. */
  'groups:welcome': { limit: 20, seconds: 60, by: 'user' },
  'groups:keys': { limit: 20, seconds: 60, by: 'user' },
  vault: { limit: 240, seconds: 60, by: 'user' },
  rest: { limit: 600, seconds: 60, by: 'user' },
  public: { limit: 600, seconds: 60, by: 'address' },
  probe: { limit: 1200, seconds: 60, by: 'address', alone: true },
  /** For commands that need no limit of their own. */
  'socket:any': { limit: 300, seconds: 10, by: 'user' },
  /** For what others are shown of a user: that they come, are away, type, switch something or raise a hand. */
  'socket:status': { limit: 60, seconds: 10, by: 'user' },
  'socket:reactions': { limit: 30, seconds: 10, by: 'user' },
  /** For what makes other people's devices ask for attention. */
  'socket:attention': { limit: 30, seconds: 60, by: 'user' },
  'socket:signals': { limit: 3000, seconds: 10, by: 'user' },
  /** How often one user can ring the same other user, who may not answer. */
  'ring:pair': { limit: 3, seconds: 60, by: 'user' },
  'traffic:chat': { limit: 128 * 1024, seconds: 10, by: 'user' },
  /** What one user makes the server keep of groups. */
  'traffic:groups': { limit: 256 * 1024 * 1024, seconds: 24 * 3600, by: 'user' },
  'traffic:signals': { limit: 1024 * 1024, seconds: 10, by: 'user' },
  'traffic:signals:pair': { limit: 256 * 1024, seconds: 10, by: 'user' },
} as const satisfies Record<string, LimitDefinition>;

/** Name of a limit. */
export type LimitName = keyof typeof LIMITS_BY_NAME;

/** Name of a limit that can be checked before the body of a request is read. */
export type RequestLimitName = {
  [Name in LimitName]: (typeof LIMITS_BY_NAME)[Name]['by'] extends 'address+email' ? never : Name;
}[LimitName];

/** Name of a limit that a socket command can have. */
export type CommandLimitName = Extract<LimitName, `socket:${string}`>;
