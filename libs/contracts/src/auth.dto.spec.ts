import * as contracts from './auth.dto';
import { describeDtoModule } from './testing/dto-tables';
import { optionalField, patternField, textField, uuidField } from './testing/field-expectations';

const username = patternField(
  ['anna', 'a.b', 'A_1-', 'x'.repeat(32)],
  ['ab', 'x'.repeat(33), 'two words', ' anna', 'anna\n', 'анна', 'a@b.c', '<b>anna</b>'],
);
const email = patternField(
  ['anna@example.org', 'a@b.co', 'Anna+home@Example.ORG', `${'x'.repeat(64)}@${'y'.repeat(60)}.org`],
  [
    'anna',
    'anna@',
    '@example.org',
    'a@b',
    'a b@example.org',
    'a@example.org\n',
    'Anna <a@example.org>',
    'a@b.c,d@e.org',
  ],
);
const longEmail = [63, 63, 63].reduce((host, length) => `${'y'.repeat(length)}.${host}`, 'org');
const newPassword = {
  ...textField(8, 72, {
    takes: ['é'.repeat(72).normalize('NFD'), 'paper\u00A0boats'],
    refuses: ['éàüö'.normalize('NFD'), 'é'.repeat(73).normalize('NFD')],
  }),
  becomes: (typed: unknown) => (typed as string).normalize('NFC').replaceAll('\u00A0', ' '),
};
const givenPassword = textField(1, 1000);

describeDtoModule(contracts, {
  RegisterDto: {
    username,
    email: { ...email, refuses: [...email.refuses, `${'x'.repeat(64)}@${longEmail}`] },
    password: newPassword,
    registrationCode: textField(1, 128),
  },
  LoginDto: { email: textField(1, 254), password: givenPassword },
  RefreshDto: { attempt: optionalField(uuidField) },
  AuthRenewDto: { token: textField(1, 4096) },
  ChangeProfileDto: {
    username: optionalField(username),
    email: optionalField(email),
    currentPassword: optionalField(givenPassword),
  },
  ChangePasswordDto: { currentPassword: givenPassword, newPassword },
  ResetPasswordDto: { token: textField(1, 100), newPassword },
  DeleteAccountDto: { password: givenPassword },
});
