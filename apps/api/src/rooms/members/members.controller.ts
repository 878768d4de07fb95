import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangeRoleDto, MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Answers } from '../../platform/http/answers';
import { IdPipe } from '../../platform/http/id.pipe';
import { MembersService } from './members.service';

const roomId = new IdPipe('room_not_found');
const userId = new IdPipe('member_not_found');

@ApiTags('Members')
@Controller('rooms/:roomId/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  /** Lists the members of a room by role, then by name, a page at a time. */
  @Get()
  @Answers('forbidden', 'room_not_found')
  list(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Query() query: PageQueryDto,
  ): Promise<MembersDto> {
    return this.members.list(who, id, query);
  }

  /** Gives a member another role. For the owner; `owner` hands the room over. */
  @Patch(':userId')
  @Answers('forbidden', 'room_not_found', 'member_not_found')
  changeRole(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Param('userId', userId) member: string,
    @Body() dto: ChangeRoleDto,
  ): Promise<MemberDto> {
    return this.members.changeRole(who, id, member, dto);
  }

  /**
   * Takes a member of a lower role out of the room. They cannot come back until a moderator lets them. A guest's account
   * ends with it, so whoever holds the link can come in as a new guest until it is withdrawn.
   */
  @Delete(':userId')
  @HttpCode(204)
  @Answers('forbidden', 'room_not_found', 'member_not_found')
  remove(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Param('userId', userId) member: string,
  ): Promise<void> {
    return this.members.remove(who, id, member);
  }
}
