import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangeRoleDto, MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { MembersService } from './members.service';

const roomIdPipe = new IdPipe('room_not_found');
const memberIdPipe = new IdPipe('member_not_found');

@ApiTags('Members')
@Controller('rooms/:roomId/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  /** Lists the members of a room by role, then by name, a page at a time. */
  @Get()
  @Errors('forbidden', 'room_not_found')
  listRoomMembers(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() query: PageQueryDto,
  ): Promise<MembersDto> {
    return this.members.loadMemberPage(who, id, query);
  }

  /** Changes the role of a member. For the owner; the role `owner` hands the room over. */
  @Patch(':userId')
  @Errors('forbidden', 'room_not_found', 'member_not_found')
  changeMemberRole(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('userId', memberIdPipe) member: string,
    @Body() dto: ChangeRoleDto,
  ): Promise<MemberDto> {
    return this.members.assignMemberRole(who, id, member, dto);
  }

  /**
   * Removes a member of a lower role from the room. They cannot come back until a moderator allows it. A removed guest
   * is deleted, so anybody who has the link can join as a new guest until it is withdrawn.
   */
  @Delete(':userId')
  @HttpCode(204)
  @Errors('forbidden', 'room_not_found', 'member_not_found')
  removeMember(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('userId', memberIdPipe) member: string,
  ): Promise<void> {
    return this.members.expelMember(who, id, member);
  }
}
