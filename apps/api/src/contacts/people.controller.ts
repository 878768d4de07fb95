import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FindUsersDto, PersonDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Answers } from '../platform/http/answers';
import { Limit } from '../platform/throttling/limit.guard';
import { ContactsService } from './contacts.service';

@ApiTags('Contacts')
@Controller('users')
export class PeopleController {
  constructor(private readonly contacts: ContactsService) {}

  /** Finds users by name, at most ten: who has exactly this username comes first, then those whose name begins so. */
  @Get()
  @Limit('people')
  @Answers('forbidden')
  find(@CurrentUser() who: Principal, @Query() { name }: FindUsersDto): Promise<PersonDto[]> {
    return this.contacts.find(who, name);
  }
}
