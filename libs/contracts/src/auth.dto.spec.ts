import { describeDtos } from './testing/dto-tables';
import { optional, pattern, text, uuid } from './testing/fields';
import * as contracts from './auth.dto';

const username = pattern(
  ['anna', 'a.b', 'A_1-', 'x'.repeat(32)],
  ['ab', 'x'.repeat(33), 'two words', ' anna', 'anna\n', 'анна', 'a@b.c', '<b>anna</b>'],
);
const email = pattern(
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
const newPassword = text(8, 72);
const givenPassword = text(1, 1000);

describeDtos(contracts, {
  RegisterDto: {
    username,
    email: { ...email, refuses: [...email.refuses, `${'x'.repeat(64)}@${longEmail}`] },
    password: newPassword,
    registrationCode: text(1, 128),
  },
  LoginDto: { email: text(1, 254), password: givenPassword },
  RefreshDto: { attempt: optional(uuid) },
  AuthRenewDto: { token: text(1, 4096) },
  ChangeProfileDto: { username: optional(username), email: optional(email), currentPassword: optional(givenPassword) },
  ChangePasswordDto: { currentPassword: givenPassword, newPassword },
  ResetPasswordDto: { token: text(1, 100), newPassword },
  DeleteAccountDto: { password: givenPassword },
});
