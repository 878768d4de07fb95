import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ResetPasswordDto } from '@webcall/contracts';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import type { Client } from '../platform/http/current-client';
import { UsersService } from '../users/users.service';
import { requireGoodPassword } from './new-password';
import { Passwords } from './passwords';
import { userOfResetLink, useResetLink } from './reset-links';

/** The way back for who has forgotten the password. */
@Injectable()
export class PasswordReset {
  constructor(
    private readonly db: DataSource,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
  ) {}

  /**
   * Sets a new password by a reset link, which is all that one needs to have. All sessions end, and none begins: who only
   * saw the link in a terminal has to know the new password, too.
   */
  async reset(
    { token, newPassword }: ResetPasswordDto,
    { gone, since }: Pick<Client, 'gone' | 'since'>,
  ): Promise<void> {
    const userId = await userOfResetLink(this.db.manager, token);
    const owner = userId && (await this.users.find(userId));
    if (!owner) throw new AppError('reset_link_invalid');
    await requireGoodPassword(newPassword, owner);
    const passwordHash = await this.passwords.hash(newPassword, { lane: 'account', key: owner.id, gone, since });
    const cut = await this.db.transaction(async (manager) => {
      const user = await this.users.lock(manager, owner.id);
      // Hashing takes long: the link may have been used, replaced or voided meanwhile.
      if (!user || !(await useResetLink(manager, token))) throw new AppError('reset_link_invalid');
      await this.users.change(manager, user, { passwordHash });
      return this.sessions.endAll(manager, user.id);
    });
    cut();
  }
}
