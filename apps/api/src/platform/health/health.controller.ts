import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../access/access.guard';
import { UseLimits } from '../throttling/limit.guard';
import { ReadinessCheck } from './readiness';

/** Health checks for proxies and supervisors; a supervisor may call them every second. */
@ApiExcludeController()
@Public()
@UseLimits('probe')
@Controller()
export class HealthController {
  constructor(private readonly readiness: ReadinessCheck) {}

  /** The process is alive. */
  @Get('healthz')
  reportLiveness(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can do its work: the database is reached, its migrations are done, and it takes writes. */
  @Get('readyz')
  reportReadiness(): Promise<{ status: string }> {
    return this.readiness.requireReadiness();
  }
}
