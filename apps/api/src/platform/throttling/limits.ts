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
 * Every limit of the server, over REST and over the socket (`socket:<command>`); `THROTTLE_SCALE` multiplies them.
 * Failed sign-ins have limits of their own: `login` per address and entered name, so that nobody can lock somebody else
 * out, and `login:address` per address, since a whole office may sign in from one address. `traffic:` limits the
 * characters that one user makes the server send to others: in total, and to one other user. Together with the limits
 * on commands with short messages it prevents users from filling the send buffers of others.
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
  rest: { limit: 600, seconds: 60, by: 'user' },
  public: { limit: 600, seconds: 60, by: 'address' },
  probe: { limit: 1200, seconds: 60, by: 'address', alone: true },
  'socket:chat:send': { limit: 300, seconds: 10, by: 'user' },
  'socket:chat:type': { limit: 60, seconds: 10, by: 'user' },
  'socket:call:join': { limit: 60, seconds: 10, by: 'user' },
  'socket:call:resume': { limit: 60, seconds: 10, by: 'user' },
  'socket:call:update': { limit: 60, seconds: 10, by: 'user' },
  'socket:call:hand': { limit: 60, seconds: 10, by: 'user' },
  'socket:presence:set': { limit: 60, seconds: 10, by: 'user' },
  'socket:signal:send': { limit: 3000, seconds: 10, by: 'user' },
  'socket:ring:start': { limit: 30, seconds: 60, by: 'user' },
  'socket:call:react': { limit: 30, seconds: 10, by: 'user' },
  'socket:knock:start': { limit: 30, seconds: 60, by: 'user' },
  /** How often one user can ring the same other user, who may not answer. */
  'ring:pair': { limit: 3, seconds: 60, by: 'user' },
  'traffic:chat': { limit: 128 * 1024, seconds: 10, by: 'user' },
  'traffic:signals': { limit: 1024 * 1024, seconds: 10, by: 'user' },
  'traffic:signals:pair': { limit: 256 * 1024, seconds: 10, by: 'user' },
  'socket:any': { limit: 300, seconds: 10, by: 'user' },
} as const satisfies Record<string, LimitDefinition>;

/** Name of a limit. */
export type LimitName = keyof typeof LIMITS_BY_NAME;

/** Name of a limit that can be checked before the body of a request is read. */
export type RequestLimitName = {
  [Name in LimitName]: (typeof LIMITS_BY_NAME)[Name]['by'] extends 'address+email' ? never : Name;
}[LimitName];

const COMMON_COMMAND_LIMITS: readonly LimitName[] = ['socket:any'];

const LIMITS_BY_COMMAND = new Map(
  (Object.keys(LIMITS_BY_NAME) as LimitName[])
    .filter((name) => name.startsWith('socket:'))
    .map((name) => [name.slice('socket:'.length), [name] as readonly LimitName[]]),
);

/** @returns the limits of a socket command: its own one, else the common one, which is counted per command. */
export function commandLimitsOf(command: string): readonly LimitName[] {
  return LIMITS_BY_COMMAND.get(command) ?? COMMON_COMMAND_LIMITS;
}
