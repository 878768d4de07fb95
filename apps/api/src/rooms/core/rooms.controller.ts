import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BrowseRoomsDto,
  ChangeMembershipDto,
  ChangeRoomDto,
  CreateRoomDto,
  PageQueryDto,
  PublicRoomsDto,
  RoomDto,
  RoomsDto,
} from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Answers } from '../../platform/http/answers';
import { IdPipe } from '../../platform/http/id.pipe';
import { MembersService } from '../members/members.service';
import { RoomsService } from '../rooms.service';

const roomId = new IdPipe('room_not_found');

@ApiTags('Rooms')
@Controller('rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly members: MembersService,
  ) {}

  /** Creates a room. Whoever makes it owns it, and it counts for their quota until it is deleted, whoever owns it then. */
  @Post()
  @Answers('forbidden', 'quota_reached')
  create(@CurrentUser() who: Principal, @Body() dto: CreateRoomDto): Promise<RoomDto> {
    return this.rooms.create(who, dto);
  }

  /**
   * Lists the rooms that you are in, the latest activity first, a page at a time. A room in which something happens
   * meanwhile goes to the front: `chat:posted` tells of it, and no later page has it.
   */
  @Get()
  @Answers()
  mine(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<RoomsDto> {
    return this.rooms.mine(who, query);
  }

  /** Lists public rooms by name, a page at a time. */
  @Get('public')
  @Answers('forbidden')
  browse(@CurrentUser() who: Principal, @Query() query: BrowseRoomsDto): Promise<PublicRoomsDto> {
    return this.rooms.browse(who, query);
  }

  /** Reads a room that you are in. For a public room that you are not in, the refusal shows it in `details.room`. */
  @Get(':roomId')
  @Answers('forbidden', 'room_not_found')
  read(@CurrentUser() who: Principal, @Param('roomId', roomId) id: string): Promise<RoomDto> {
    return this.rooms.roomFor(who, id);
  }

  /** Renames a room or changes who may come into its calls (moderators), or changes who can find it (the owner). */
  @Patch(':roomId')
  @Answers('forbidden', 'room_not_found')
  change(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Body() dto: ChangeRoomDto,
  ): Promise<RoomDto> {
    return this.rooms.change(who, id, dto);
  }

  /** Changes what a room is to you alone: whether its calls ring. */
  @Patch(':roomId/membership')
  @Answers('forbidden', 'room_not_found')
  changeMembership(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Body() dto: ChangeMembershipDto,
  ): Promise<RoomDto> {
    return this.rooms.changeMembership(who, id, dto);
  }

  /** Deletes a room with all its messages. For its owner. */
  @Delete(':roomId')
  @HttpCode(204)
  @Answers('forbidden', 'room_not_found')
  delete(@CurrentUser() who: Principal, @Param('roomId', roomId) id: string): Promise<void> {
    return this.rooms.delete(who, id);
  }

  /** Joins a public room. Nothing changes when you are in it already. */
  @Post(':roomId/join')
  @HttpCode(200)
  @Answers('forbidden', 'room_not_found', 'removed_from_room', 'room_locked')
  join(@CurrentUser() who: Principal, @Param('roomId', roomId) id: string): Promise<RoomDto> {
    return this.rooms.join(who, id);
  }

  /** Leaves a room. The owner is followed by the moderator, else the member, who joined first; else the room ends. */
  @Post(':roomId/leave')
  @HttpCode(204)
  @Answers('forbidden', 'room_not_found')
  leave(@CurrentUser() who: Principal, @Param('roomId', roomId) id: string): Promise<void> {
    return this.members.leave(who, id);
  }
}
