import { Injectable } from '@nestjs/common';
import type { ChangePreferencesDto, PreferencesDto } from '@webcall/contracts';
import type { Principal } from '../platform/access/principal';
import { AppError } from '../platform/http/app-error';
import { Realtime } from '../platform/realtime/realtime';
import { StableBroadcasts } from '../platform/realtime/stable-broadcasts';
import { UsersService } from '../users/users.service';
import { ContactPresence } from './contact-presence';

/** Loads and changes how users want to be reached. */
@Injectable()
export class PreferencesService {
  private readonly broadcasts = new StableBroadcasts();

  constructor(
    private readonly users: UsersService,
    private readonly contactPresence: ContactPresence,
    private readonly realtime: Realtime,
  ) {}

  loadOwnPreferences(who: Principal): Promise<PreferencesDto> {
    return this.users.loadUserPreferences(who.userId);
  }

  async changeOwnPreferences(
    { userId }: Principal,
    { doNotDisturb, shareLastSeen, ringtone, writers }: ChangePreferencesDto,
  ) {
    const change = {
      ...(typeof doNotDisturb === 'boolean' && { doNotDisturb }),
      ...(typeof shareLastSeen === 'boolean' && { shareLastSeen }),
      ...(typeof ringtone === 'string' && { ringtone }),
      ...(typeof writers === 'string' && { writers }),
    };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    await this.users.storePreferences(userId, change);
    if (change.shareLastSeen !== undefined) await this.contactPresence.broadcastPresence(userId);
    return this.broadcasts.broadcastUntilStable(
      userId,
      () => this.users.loadUserPreferences(userId),
      (preferences) => this.realtime.toUserDevices(userId).emit('preferences:changed', { preferences }),
    );
  }
}
