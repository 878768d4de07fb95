import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ChangeContactDto,
  ContactDto,
  ContactsDto,
  PageQueryDto,
  RequestContactDto,
  RoomDto,
} from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Answers } from '../platform/http/answers';
import { IdPipe } from '../platform/http/id.pipe';
import { Limit } from '../platform/throttling/limit.guard';
import { ContactsService } from './contacts.service';

const contactId = new IdPipe('contact_not_found');
const requestId = new IdPipe('request_not_found');
const userId = new IdPipe('user_not_found');

@ApiTags('Contacts')
@Controller('contacts')
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  /**
   * Lists your contacts, those who ask, those whom you have asked and those whom you have blocked, by name, a page at a
   * time. Guests have none.
   */
  @Get()
  @Answers()
  list(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<ContactsDto> {
    return this.contacts.list(who, query);
  }

  /** Asks a user to become a contact. If they have asked you, you are contacts; who has blocked you never answers. */
  @Post()
  @Limit('contact')
  @Answers('forbidden', 'user_not_found', 'user_blocked')
  request(@CurrentUser() who: Principal, @Body() dto: RequestContactDto): Promise<ContactDto> {
    return this.contacts.takeAndSee(who, dto.userId.toLowerCase(), 'request');
  }

  /** Accepts a request. */
  @Post(':userId/accept')
  @HttpCode(200)
  @Answers('forbidden', 'request_not_found')
  accept(@CurrentUser() who: Principal, @Param('userId', requestId) other: string): Promise<ContactDto> {
    return this.contacts.takeAndSee(who, other, 'accept');
  }

  /** Declines a request. */
  @Post(':userId/decline')
  @HttpCode(204)
  @Answers('forbidden', 'request_not_found')
  decline(@CurrentUser() who: Principal, @Param('userId', requestId) other: string): Promise<void> {
    return this.contacts.take(who, other, 'decline');
  }

  /** Takes back your own request. */
  @Post(':userId/withdraw')
  @HttpCode(204)
  @Answers('forbidden', 'request_not_found')
  withdraw(@CurrentUser() who: Principal, @Param('userId', requestId) other: string): Promise<void> {
    return this.contacts.take(who, other, 'withdraw');
  }

  /** Ends a contact. The direct room stays and is closed: it can be read, and nothing more. */
  @Delete(':userId')
  @HttpCode(204)
  @Answers('forbidden', 'contact_not_found')
  remove(@CurrentUser() who: Principal, @Param('userId', contactId) other: string): Promise<void> {
    return this.contacts.take(who, other, 'remove');
  }

  /** Changes what a contact is to you alone: the ringtone of their calls. */
  @Patch(':userId')
  @Answers('forbidden', 'contact_not_found')
  change(
    @CurrentUser() who: Principal,
    @Param('userId', contactId) other: string,
    @Body() dto: ChangeContactDto,
  ): Promise<ContactDto> {
    return this.contacts.change(who, other, dto);
  }

  /** Opens the direct room with a contact: the same one for both, made when it is opened for the first time. */
  @Post(':userId/room')
  @HttpCode(200)
  @Answers('forbidden', 'contact_not_found')
  openRoom(@CurrentUser() who: Principal, @Param('userId', contactId) other: string): Promise<RoomDto> {
    return this.contacts.openRoom(who, other);
  }

  /** Blocks a user: no contact, no requests, no messages, no calls. They are not told. */
  @Put(':userId/block')
  @Limit('contact')
  @Answers('forbidden', 'user_not_found')
  block(@CurrentUser() who: Principal, @Param('userId', userId) other: string): Promise<ContactDto> {
    return this.contacts.takeAndSee(who, other, 'block');
  }

  /** Unblocks a user. You are strangers to each other from now on, unless they have asked you in the meantime. */
  @Delete(':userId/block')
  @HttpCode(204)
  @Answers('forbidden', 'user_not_found')
  unblock(@CurrentUser() who: Principal, @Param('userId', userId) other: string): Promise<void> {
    return this.contacts.take(who, other, 'unblock');
  }
}
