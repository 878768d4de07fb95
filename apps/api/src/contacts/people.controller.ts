import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FindUsersDto, PersonDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Errors } from '../platform/http/errors.decorator';
import { UseLimits } from '../platform/throttling/limit.guard';
import { ContactsService } from './contacts.service';

@ApiTags('Contacts')
@Controller('users')
export class PeopleController {
  constructor(private readonly contacts: ContactsService) {}

  /** Finds at most ten users by name: an exact username first, then usernames that begin with the name. */
  @Get()
  @UseLimits('people')
  @Errors('forbidden')
  searchUsers(@CurrentUser() who: Principal, @Query() { name }: FindUsersDto): Promise<PersonDto[]> {
    return this.contacts.searchPeople(who, name);
  }
}
