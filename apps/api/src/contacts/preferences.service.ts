import { Injectable } from '@nestjs/common';
import type { ChangePreferencesDto, PreferencesDto } from '@webcall/contracts';
import type { Principal } from '../platform/access/principal';
import { AppError } from '../platform/http/app-error';
import { tellLastWord } from '../platform/realtime/last-word';
import { Realtime } from '../platform/realtime/realtime';
import { UsersService } from '../users/users.service';
import { Whereabouts } from './whereabouts';

/** How users want to be reached. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly users: UsersService,
    private readonly whereabouts: Whereabouts,
    private readonly realtime: Realtime,
  ) {}

  read(who: Principal): Promise<PreferencesDto> {
    return this.users.preferences(who.userId);
  }

  async change({ userId }: Principal, { doNotDisturb, shareLastSeen, ringtone }: ChangePreferencesDto) {
    const change = {
      ...(typeof doNotDisturb === 'boolean' && { doNotDisturb }),
      ...(typeof shareLastSeen === 'boolean' && { shareLastSeen }),
      ...(typeof ringtone === 'string' && { ringtone }),
    };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    await this.users.changePreferences(userId, change);
    if (change.shareLastSeen !== undefined) await this.whereabouts.tell(userId);
    return tellLastWord(
      () => this.users.preferences(userId),
      (preferences) => this.realtime.toUser(userId).emit('preferences:changed', { preferences }),
    );
  }
}
