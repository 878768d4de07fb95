import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../access/access.guard';
import { Readiness } from './readiness';

/** For whoever watches the process. */
@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process is alive. */
  @Get('healthz')
  alive(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can do its work: the database is reached, and its migrations are done. */
  @Get('readyz')
  ready(): Promise<{ status: string }> {
    return this.readiness.check();
  }
}
