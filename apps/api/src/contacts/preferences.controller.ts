import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangePreferencesDto, PreferencesDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Answers } from '../platform/http/answers';
import { PreferencesService } from './preferences.service';

@ApiTags('Preferences')
@Controller('preferences')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  /** How you want to be reached, on all your devices. */
  @Get()
  @Answers()
  read(@CurrentUser() who: Principal): Promise<PreferencesDto> {
    return this.preferences.read(who);
  }

  /** Changes how you want to be reached. What is missing stays as it is. */
  @Patch()
  @Answers()
  change(@CurrentUser() who: Principal, @Body() dto: ChangePreferencesDto): Promise<PreferencesDto> {
    return this.preferences.change(who, dto);
  }
}
