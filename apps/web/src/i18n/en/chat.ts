import { plural } from '../plural';

export const chat = {
  title: 'Chat',
  log: 'History',
  message: 'Message',
  placeholder: (room: string) => `Write to ${room}`,
  send: 'Send',
  save: 'Save',
  edit: 'Edit',
  editing: 'Editing your message',
  cancelEdit: 'Stop editing',
  delete: 'Delete',
  deleteTitle: 'Delete this message?',
  deleteText: 'It disappears for everyone. A note stays that there was a message.',
  deleted: 'This message was deleted.',
  edited: 'edited',
  discard: 'Discard',
  retry: 'Try again',
  pending: 'Waiting to be sent',
  sent: 'Sent',
  failed: 'Not sent.',
  newMessages: 'New messages',
  jump: 'Jump to the latest',
  jumpNew: (count: number) => `${count} new`,
  loadingOlder: 'Loading earlier messages',
  start: 'This is where the room begins.',
  emptyTitle: 'Nothing written yet',
  emptyText: 'Say hello. Everyone in the room will see it.',
  errorTitle: 'The messages did not load',
  errorSafe: 'Nothing is lost.',
  olderFailed: 'Earlier messages did not load.',
  left: (count: number) => plural('en', count, { one: '1 character left', other: `${count} characters left` }),
  tooLong: (count: number) =>
    plural('en', count, { one: '1 character too many', other: `${count} characters too many` }),
  typing: (names: readonly string[]) => {
    if (names.length > 2) return 'Several people are writing';
    return names.length === 2 ? `${names[0]} and ${names[1]} are writing` : `${names[0]} is writing`;
  },
  actions: 'Actions',
};
