import { describeDtos } from './testing/dto-tables';
import { flag, optional, queried, text, uuid, whole } from './testing/fields';
import * as contracts from './chat.dto';
import { LIMITS } from './limits';

const words = text(1, LIMITS.message.max, {
  takes: ['See you at eight', ' a ', '❤️', '👨‍👩‍👧', 'می‌خواهم', '…', '<b>', '\n.\n', '\u{F0000}'],
  refuses: [' ', '\n\t', '\u00A0', '\u200B', '\u2800', '\u3164', '\uFEFF', '\u200D\uFE0F', '\u202E', ' '.repeat(99)],
});
const message = { roomId: uuid, id: uuid, text: words };
const number = (min: number) => queried(min, Number.MAX_SAFE_INTEGER);
const limit = optional(queried(1, LIMITS.page.max));

describeDtos(contracts, {
  ChatSendDto: message,
  ChatEditDto: message,
  ChatDeleteDto: { roomId: uuid, id: uuid },
  ChatReadDto: { roomId: uuid, seq: whole(0, Number.MAX_SAFE_INTEGER) },
  ChatTypeDto: { roomId: uuid, typing: optional(flag) },
  // Not both of after and before: that is for the service to decide.
  MessagesQueryDto: { after: optional(number(0)), before: optional(number(1)), limit },
  MessageChangesQueryDto: { after: number(0), limit },
});
