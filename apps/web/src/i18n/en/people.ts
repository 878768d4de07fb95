import { plural } from '../plural';

export const people = {
  title: 'People',
  text: 'Contacts see when you are here and can call you.',
  find: 'Find people',
  findHint: 'A name, or how it begins: three letters or more.',
  nobodyFound: (name: string) => `Nobody here has a name that begins with “${name}”.`,
  searchError: 'The search did not work',
  found: 'Found',
  requests: 'Want to be your contacts',
  contacts: 'Contacts',
  requested: 'Requests sent',
  blocked: 'Blocked',
  request: 'Ask',
  requestNamed: (name: string) => `Ask ${name} to be a contact`,
  accept: 'Accept',
  acceptNamed: (name: string) => `Accept ${name}`,
  decline: 'Decline',
  declineNamed: (name: string) => `Decline ${name}`,
  withdraw: 'Withdraw',
  withdrawNamed: (name: string) => `Withdraw your request to ${name}`,
  write: (name: string) => `Write to ${name}`,
  actionsFor: (name: string) => `Actions for ${name}`,
  writeShort: 'Write',
  remove: 'Remove from contacts',
  removeTitle: (name: string) => `Remove ${name} from your contacts?`,
  removeText:
    'You no longer see each other’s presence, and cannot write to or call each other, except in rooms that you share. What was written stays.',
  removeConfirm: 'Remove',
  block: 'Block',
  blockTitle: (name: string) => `Block ${name}?`,
  blockText:
    'They can neither write to you nor call you, and are not told. In rooms that you share you still read each other. If you unblock them, you are not contacts: one of you has to ask again.',
  unblock: 'Unblock',
  unblockNamed: (name: string) => `Unblock ${name}`,
  relation: {
    requested: 'Asked, no answer yet',
    asked: 'Wants to be your contact',
    contact: 'Your contact',
    blocked: 'Blocked by you',
  },
  emptyTitle: 'No contacts yet',
  emptyText: 'Find somebody by name above and ask them. Once they accept, you can write to and call each other.',
  error: 'Your contacts could not be loaded',
  waiting: (count: number) => plural('en', count, { one: '1 request waits', other: `${count} requests wait` }),
};

export const presence = {
  online: 'Online',
  in_call: 'In a call',
  away: 'Away',
  offline: 'Offline',
  unknown: 'Not known without a connection',
  lastSeen: (when: string) => `Last seen ${when}`,
};

/** The page of past calls. */
export const history = {
  title: 'Calls',
  text: 'Calls that you made, took part in, or missed.',
  emptyTitle: 'No calls yet',
  emptyText: 'Calls with your contacts and in your rooms will be listed here.',
  error: 'Your calls could not be loaded',
  more: 'Show earlier calls',
  part: { started: 'Outgoing', joined: 'Incoming', missed: 'Missed', declined: 'Declined' },
  answer: { declined: 'Declined', cancelled: 'Cancelled', missed: 'No answer' },
  running: 'Going on',
  withPeople: (names: string) => `with ${names}`,
  openRoom: (name: string) => `Open ${name}`,
};
