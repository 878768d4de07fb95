import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FindUsersDto, PersonCardDto, PersonDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Errors } from '../platform/http/errors.decorator';
import { IdPipe } from '../platform/http/input.pipe';
import { UseLimits } from '../platform/throttling/limit.guard';
import { ContactsService } from './contacts.service';

const userIdPipe = new IdPipe('user_not_found');

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

  /** Returns what one may know of a user and do with them. Guests are known to the members of their room. */
  @Get(':userId')
  @UseLimits('people')
  @Errors('forbidden', 'user_not_found')
  getUser(@CurrentUser() who: Principal, @Param('userId', userIdPipe) user: string): Promise<PersonCardDto> {
    return this.contacts.loadPerson(who, user);
  }
}
