import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../access/access.guard';
import { Limit } from '../throttling/limit.guard';
import { Readiness } from './readiness';

/** For whoever watches the process: some proxies, and a supervisor each second. */
@ApiExcludeController()
@Public()
@Limit('probe')
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process is alive. */
  @Get('healthz')
  alive(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can do its work: the database is reached, its migrations are done, and it takes writes. */
  @Get('readyz')
  ready(): Promise<{ status: string }> {
    return this.readiness.check();
  }
}
