/** A user who took part in a call or was rung. */
export interface CallPerson {
  userId: string;
  name: string;
}

/** A user who was rung and did not join the call. */
export interface RingCallee extends CallPerson {
  status: 'declined' | 'cancelled' | 'missed';
  /**
   * How many rings in a row the entry counts; 1 if it is missing. Successive missed rings in a direct room change one
   * entry as long as the callee has not read it.
   */
  times?: number;
}

/** A message that only the devices in an epoch of the room’s group can read. `keyId` and `box` are base64url. */
export interface SealedContent {
  type: 'sealed';
  /** Names the secret of the epoch. */
  keyId: string;
  /** The author’s device. */
  device: string;
  box: string;
  /** Ids of people whom it mentions; missing if there are none. */
  notify?: string[];
}

/**
 * The content of a message, by its kind. `call`, `ring` and `settings` are entries of the server: a call that
 * has ended, with the user who started it as the author, a ring that not everybody accepted, with the caller as the
 * author, and that the room takes sealed messages from there on, with the user who decided that.
 */
export type MessageContent =
  | { type: 'text'; text: string }
  | SealedContent
  | { type: 'deleted' }
  | { type: 'call'; callId: string; durationMs: number; people: CallPerson[] }
  | { type: 'ring'; callId: string; callees: RingCallee[] }
  | { type: 'settings'; encrypted: true };

/** What the server itself writes. */
export type EntryContent = Extract<MessageContent, { type: 'call' | 'ring' | 'settings' }>;

/** What people post. */
export type PostedContent = Exclude<MessageContent, EntryContent | { type: 'deleted' }>;

/** How much of a text is shown in a list of rooms, in UTF-16 code units. */
export const MESSAGE_PREVIEW_LENGTH = 140;

/** What is shown of a message where there is one line for it. */
export interface MessagePreview {
  type: MessageContent['type'];
  /** The beginning of a text; null for other kinds. */
  text: string | null;
  /** The outcome of a ring for each callee; null for other kinds. */
  callees: RingCallee[] | null;
}

/** For whom a message counts as read from the start. */
export interface InitialReaders {
  userIds: readonly string[];
  /** Whether it counts as read only for those of them who have read everything before it. */
  onlyIfCaughtUp: boolean;
}

/** @returns whether the server wrote it, whoever counts as its author: nobody edits or deletes an entry */
export function isEntryContent(content: MessageContent): content is EntryContent {
  switch (content.type) {
    case 'text':
    case 'sealed':
    case 'deleted':
      return false;
    case 'call':
    case 'ring':
    case 'settings':
      return true;
  }
}

/** @returns whether people posted it, and it has not been deleted */
export function isPostedContent(content: MessageContent): content is PostedContent {
  return !isEntryContent(content) && content.type !== 'deleted';
}

/** @returns how much it counts towards the traffic of its author, in UTF-16 code units */
export function trafficSizeOf(content: PostedContent): number {
  return content.type === 'text' ? content.text.length : content.box.length;
}

/** @returns the text that its author can edit; null for what has none */
export function editableTextOf(content: MessageContent): string | null {
  switch (content.type) {
    case 'text':
      return content.text;
    case 'sealed':
    case 'deleted':
    case 'call':
    case 'ring':
    case 'settings':
      return null;
  }
}

/** @returns what a list of rooms needs of a message */
export function messagePreviewOf(content: MessageContent): MessagePreview {
  const { type } = content;
  switch (type) {
    case 'text':
      return { type, text: content.text.slice(0, MESSAGE_PREVIEW_LENGTH), callees: null };
    case 'ring':
      return { type, text: null, callees: content.callees };
    case 'sealed':
    case 'deleted':
    case 'call':
    case 'settings':
      return { type, text: null, callees: null };
  }
}

/** @returns the content with the names that `nameOf` gives its people; the same object if it has them already */
export function withPeopleNamed(content: MessageContent, nameOf: (person: CallPerson) => string): MessageContent {
  switch (content.type) {
    case 'text':
    case 'sealed':
    case 'deleted':
    case 'settings':
      return content;
    case 'call': {
      const people = renamePeople(content.people, nameOf);
      return people === content.people ? content : { ...content, people };
    }
    case 'ring': {
      const callees = renamePeople(content.callees, nameOf);
      return callees === content.callees ? content : { ...content, callees };
    }
  }
}

function renamePeople<P extends CallPerson>(people: P[], nameOf: (person: CallPerson) => string): P[] {
  if (people.every((person) => nameOf(person) === person.name)) return people;
  return people.map((person) => ({ ...person, name: nameOf(person) }));
}

/**
 * Whoever writes has seen the room. An entry is no news for those who caused it, or joined or declined it; but it must
 * not hide earlier messages that they have not read.
 */
export function initialReadersOf(content: MessageContent, authorId: string | null): InitialReaders {
  const author = authorId === null ? [] : [authorId];
  switch (content.type) {
    case 'text':
    case 'sealed':
    case 'deleted':
      return { userIds: author, onlyIfCaughtUp: false };
    case 'settings':
      return { userIds: author, onlyIfCaughtUp: true };
    case 'call':
      return { userIds: [...author, ...content.people.map(({ userId }) => userId)], onlyIfCaughtUp: true };
    case 'ring': {
      const declined = content.callees.filter(({ status }) => status === 'declined').map(({ userId }) => userId);
      return { userIds: [...author, ...declined], onlyIfCaughtUp: true };
    }
  }
}
