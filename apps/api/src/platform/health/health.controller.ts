import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../access/access.guard';
import { Limit } from '../throttling/limit.guard';
import { Readiness } from './readiness';

/** For whoever watches the process. Not limited: limits need Redis, and a process without it is alive all the same. */
@ApiExcludeController()
@Public()
@Limit()
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
