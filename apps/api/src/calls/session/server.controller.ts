import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ServerDto } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Errors } from '../../platform/http/errors.decorator';

@ApiTags('Server')
@Controller('server')
export class ServerController {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** Returns which features for calls this server has. */
  @Get()
  @Errors()
  getServerFeatures(): ServerDto {
    return { relay: this.config.turnUrls.length > 0 };
  }
}
