import * as contracts from './chat.dto';
import { PROTOCOL_LIMITS } from './limits';
import { describeDtoModule } from './testing/dto-tables';
import {
  base64UrlField,
  booleanField,
  listField,
  optionalField,
  queryNumberField,
  textField,
  uuidField,
  wholeNumberField,
} from './testing/field-expectations';

const words = textField(1, PROTOCOL_LIMITS.message.max, {
  takes: ['See you at eight', ' a ', '❤️', '👨‍👩‍👧', 'می‌خواهم', '…', '<b>', '\n.\n', '\u{F0000}'],
  refuses: [' ', '\n\t', '\u00A0', '\u200B', '\u2800', '\u3164', '\uFEFF', '\u200D\uFE0F', '\u202E', ' '.repeat(99)],
});
const message = { roomId: uuidField, id: uuidField, text: words };
const number = (min: number) => queryNumberField(min, Number.MAX_SAFE_INTEGER);
const limit = optionalField(queryNumberField(1, PROTOCOL_LIMITS.page.max));

describeDtoModule(contracts, {
  ChatSendDto: message,
  ChatSealDto: {
    roomId: uuidField,
    id: uuidField,
    generation: wholeNumberField(0, 2 ** 31 - 1),
    epoch: wholeNumberField(0, 2 ** 31 - 1),
    keyId: base64UrlField(16, 16),
    device: uuidField,
    box: base64UrlField(1, PROTOCOL_LIMITS.sealed.box.max),
    notify: optionalField(listField(uuidField, 1, PROTOCOL_LIMITS.sealed.mostNotified)),
  },
  ChatEditDto: message,
  ChatDeleteDto: { roomId: uuidField, id: uuidField },
  ChatReadDto: { roomId: uuidField, seq: wholeNumberField(0, Number.MAX_SAFE_INTEGER) },
  ChatTypeDto: { roomId: uuidField, typing: optionalField(booleanField) },
  // Only one of after and before is allowed: the service checks that.
  MessagesQueryDto: { after: optionalField(number(0)), before: optionalField(number(1)), limit },
  MessageChangesQueryDto: { after: number(0), limit },
});
