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
import { Errors } from '../platform/http/errors.decorator';
import { IdPipe } from '../platform/http/input.pipe';
import { UseLimits } from '../platform/throttling/limit.guard';
import { ContactsService } from './contacts.service';

const contactIdPipe = new IdPipe('contact_not_found');
const requestIdPipe = new IdPipe('request_not_found');
const userIdPipe = new IdPipe('user_not_found');

@ApiTags('Contacts')
@Controller('contacts')
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  /**
   * Lists your contacts, users with an open request from or to you, and users whom you have blocked, by name, a page at
   * a time. Guests have none.
   */
  @Get()
  @Errors()
  listContacts(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<ContactsDto> {
    return this.contacts.loadContactPage(who, query);
  }

  /** Sends a contact request. If they have asked you, you become contacts; a user who blocks you does not see it. */
  @Post()
  @UseLimits('contact')
  @Errors('forbidden', 'user_not_found', 'user_blocked')
  requestContact(@CurrentUser() who: Principal, @Body() dto: RequestContactDto): Promise<ContactDto> {
    return this.contacts.applyAndLoadContact(who, dto.userId.toLowerCase(), 'request');
  }

  /** Accepts a contact request. */
  @Post(':userId/accept')
  @HttpCode(200)
  @Errors('forbidden', 'request_not_found', 'user_not_found')
  acceptContactRequest(
    @CurrentUser() who: Principal,
    @Param('userId', requestIdPipe) other: string,
  ): Promise<ContactDto> {
    return this.contacts.applyAndLoadContact(who, other, 'accept');
  }

  /** Declines a contact request. */
  @Post(':userId/decline')
  @HttpCode(204)
  @Errors('forbidden', 'request_not_found')
  declineContactRequest(@CurrentUser() who: Principal, @Param('userId', requestIdPipe) other: string): Promise<void> {
    return this.contacts.applyRelationAction(who, other, 'decline');
  }

  /** Withdraws your own contact request. */
  @Post(':userId/withdraw')
  @HttpCode(204)
  @Errors('forbidden', 'request_not_found')
  withdrawContactRequest(@CurrentUser() who: Principal, @Param('userId', requestIdPipe) other: string): Promise<void> {
    return this.contacts.applyRelationAction(who, other, 'withdraw');
  }

  /** Removes a contact. The direct room is closed until one of you opens it and may: it takes no messages or calls. */
  @Delete(':userId')
  @HttpCode(204)
  @Errors('forbidden', 'contact_not_found')
  removeContact(@CurrentUser() who: Principal, @Param('userId', contactIdPipe) other: string): Promise<void> {
    return this.contacts.applyRelationAction(who, other, 'remove');
  }

  /** Changes your own setting for a contact: the ringtone of their calls. */
  @Patch(':userId')
  @Errors('forbidden', 'contact_not_found', 'user_not_found')
  changeContactSettings(
    @CurrentUser() who: Principal,
    @Param('userId', contactIdPipe) other: string,
    @Body() dto: ChangeContactDto,
  ): Promise<ContactDto> {
    return this.contacts.setContactRingtone(who, other, dto);
  }

  /**
   * Opens the direct room with a contact, or with a member of a room that you are both in, if they let members write to
   * them: one room for both, created when it is opened for the first time. It stays open when the shared room ends.
   */
  @Post(':userId/room')
  @HttpCode(200)
  @UseLimits('contact')
  @Errors('forbidden', 'contact_not_found', 'room_not_found')
  openDirectRoom(@CurrentUser() who: Principal, @Param('userId', contactIdPipe) other: string): Promise<RoomDto> {
    return this.contacts.openDirectRoom(who, other);
  }

  /** Blocks a user: no contact, no requests, no messages, no calls. They are not notified. */
  @Put(':userId/block')
  @UseLimits('contact')
  @Errors('forbidden', 'user_not_found')
  blockUser(@CurrentUser() who: Principal, @Param('userId', userIdPipe) other: string): Promise<ContactDto> {
    return this.contacts.applyAndLoadContact(who, other, 'block');
  }

  /** Unblocks a user. You are strangers afterwards, unless they have sent you a request in the meantime. */
  @Delete(':userId/block')
  @HttpCode(204)
  @Errors('forbidden', 'user_not_found')
  unblockUser(@CurrentUser() who: Principal, @Param('userId', userIdPipe) other: string): Promise<void> {
    return this.contacts.applyRelationAction(who, other, 'unblock');
  }
}
