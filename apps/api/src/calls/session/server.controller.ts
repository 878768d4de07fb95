import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ServerDto } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Answers } from '../../platform/http/answers';

@ApiTags('Server')
@Controller('server')
export class ServerController {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** What this server has for calls. */
  @Get()
  @Answers()
  about(): ServerDto {
    return { relay: this.config.turnUrls.length > 0 };
  }
}
