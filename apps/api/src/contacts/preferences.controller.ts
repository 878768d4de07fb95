import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangePreferencesDto, PreferencesDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Errors } from '../platform/http/errors.decorator';
import { PreferencesService } from './preferences.service';

@ApiTags('Preferences')
@Controller('preferences')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  /** Returns how you want to be reached, on all your devices. */
  @Get()
  @Errors()
  getPreferences(@CurrentUser() who: Principal): Promise<PreferencesDto> {
    return this.preferences.loadOwnPreferences(who);
  }

  /** Changes how you want to be reached. Missing fields stay as they are. */
  @Patch()
  @Errors()
  changePreferences(@CurrentUser() who: Principal, @Body() dto: ChangePreferencesDto): Promise<PreferencesDto> {
    return this.preferences.changeOwnPreferences(who, dto);
  }
}
