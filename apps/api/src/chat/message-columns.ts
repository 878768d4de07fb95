import type { MessageContent } from '@webcall/domain';
import { integer, json, nullable, text, timestamp, uuid } from '../platform/database/sql-types';
import { withCurrentNames } from '../users/current-names';

/** A stored message without its content. */
export const HEAD_TYPES = {
  id: uuid,
  roomId: uuid,
  seq: integer,
  revision: integer,
  authorId: nullable(uuid),
  authorName: nullable(text),
  sentAt: timestamp,
  editedAt: nullable(timestamp),
};
export const HEAD_COLUMNS = `m.id, m.room_id AS "roomId", m.seq, m.revision, m.author_id AS "authorId", u.username AS "authorName",
  m.sent_at AS "sentAt", m.edited_at AS "editedAt"`;

/** A message as it is stored. */
export const MESSAGE_TYPES = { ...HEAD_TYPES, content: json<MessageContent>() };
export const MESSAGE_COLUMNS = `${HEAD_COLUMNS}, ${withCurrentNames('m.content')} AS content`;
