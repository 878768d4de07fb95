import { Injectable } from '@nestjs/common';
import { JobSchedule } from '../../platform/jobs/job-kinds';
import { KeyRequestsService } from './key-requests.service';
import { WelcomesService } from './welcomes.service';

/** Deletes what devices have left for each other, and nobody has fetched in time. */
@Injectable()
export class GroupCleanup {
  constructor(
    private readonly welcomes: WelcomesService,
    private readonly keyRequests: KeyRequestsService,
  ) {}

  @JobSchedule('groups.tidy', '47 3 * * *')
  async deleteOldThings(): Promise<void> {
    await this.welcomes.deleteOldWelcomes();
    await this.keyRequests.deleteOldRequests();
  }
}
