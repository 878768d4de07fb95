import { en } from '../../../i18n/en';
import { checkNewPassword } from './field-checks';

describe('a new password', () => {
  test.each([
    ['', en.auth.passwordMissing],
    ['short', en.auth.passwordShort],
    ['ж'.repeat(37), en.errors.password_too_long],
    ['éàüö'.normalize('NFD'), en.auth.passwordShort],
    ['Password123', en.errors.password_too_common],
    ['anna-2024', en.errors.password_like_name],
    ['mail@anna', en.errors.password_like_name],
  ])('%p is refused with the reason', async (password, reason) => {
    const problem = await checkNewPassword(password, 'anna', 'anna@mail.example');
    expect(problem?.(en)).toBe(reason);
  });

  it('is accepted when it breaks no rule, also when its owner is unknown', async () => {
    expect(await checkNewPassword('staple of the sea', 'anna', 'anna@mail.example')).toBeUndefined();
    expect(await checkNewPassword('anna-2024')).toBeUndefined();
    expect(await checkNewPassword(`${'é'.repeat(30)} of the sea`.normalize('NFD'))).toBeUndefined();
  });
});
