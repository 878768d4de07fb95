import { Injectable } from '@nestjs/common';
import type { ResetPasswordDto } from '@webcall/contracts';
import { DataSource } from 'typeorm';
import { Sessions } from '../platform/access/sessions';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import type { RequestClient } from '../platform/http/current-client';
import { UsersService } from '../users/users.service';
import { PasswordHasher } from './password-hasher';
import { requireStrongPassword } from './password-policy';
import { consumeResetLink, findResetLinkUser } from './reset-links';

/** Sets a new password for users who have forgotten theirs. */
@Injectable()
export class PasswordReset {
  constructor(
    private readonly db: DataSource,
    private readonly events: EventBus,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: PasswordHasher,
  ) {}

  /**
   * Sets a new password by a reset link alone. All sessions end, and none begins: anybody who merely saw the link in a
   * terminal still needs the new password.
   */
  async setPasswordByLink(
    { token, newPassword }: ResetPasswordDto,
    { gone, since }: Pick<RequestClient, 'gone' | 'since'>,
  ): Promise<void> {
    const userId = await findResetLinkUser(this.db.manager, token);
    const owner = userId && (await this.users.findUser(userId));
    if (!owner) throw new AppError('reset_link_invalid');
    await requireStrongPassword(newPassword, owner);
    const passwordHash = await this.passwords.hashPassword(newPassword, {
      lane: 'account',
      key: owner.id,
      gone,
      since,
    });
    await this.events.runTransaction(async (manager) => {
      const user = await this.users.lockAndFindUser(manager, owner.id);
      // Hashing takes long: the link may have been used, replaced or voided meanwhile.
      if (!user || !(await consumeResetLink(manager, token))) throw new AppError('reset_link_invalid');
      await this.users.updateUser(manager, user, { passwordHash });
      await this.sessions.endAllSessions(manager, user.id);
    });
  }
}
