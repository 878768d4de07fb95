import { plural } from '../plural';

export const common = {
  appName: 'WebCall',
  tagline: 'Private calls and chat on your own server.',
  skipToContent: 'Skip to content',
  cancel: 'Cancel',
  close: 'Close',
  dismissNote: 'Dismiss',
  save: 'Save',
  retry: 'Try again',
  back: 'Back',
  loading: 'Loading',
  more: 'More',
  showMore: 'Show more',
  today: 'Today',
  yesterday: 'Yesterday',
  deletedUser: 'Deleted user',
  you: 'you',
  showPassword: 'Show what is typed',
  hidePassword: 'Hide what is typed',
  members: (count: number) => plural('en', count, { one: '1 member', other: `${count} members` }),
  unread: (count: number) => plural('en', count, { one: '1 unread message', other: `${count} unread messages` }),
  inCall: (count: number) => plural('en', count, { one: '1 person in the call', other: `${count} people in the call` }),
  roles: { owner: 'Owner', moderator: 'Moderator', member: 'Member', guest: 'Guest' },
};

export const connection = {
  offline: 'No connection. Everything goes on by itself when it is back.',
  pageWaits: 'No connection. The page opens once the connection is back.',
  pageAfterCall: 'This page could not be loaded. Open it after the call.',
  pageFailed: 'This page could not be loaded. Please try again.',
  connecting: 'Connecting',
  unreachableTitle: 'The server cannot be reached',
  unreachableText: 'Check your network. This page tries again by itself, and nothing of yours is lost.',
};

export const notFound = {
  title: 'There is no such page',
  text: 'The link may be incomplete, or what it led to is gone.',
  home: 'Go to your rooms',
};
