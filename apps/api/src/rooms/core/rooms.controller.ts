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
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { MembersService } from '../members/members.service';
import { RoomsService } from '../rooms.service';

const roomIdPipe = new IdPipe('room_not_found');

@ApiTags('Rooms')
@Controller('rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly members: MembersService,
  ) {}

  /** Creates a room that you own. It counts towards your quota until it is deleted, even when somebody else owns it. */
  @Post()
  @Errors('forbidden', 'quota_reached')
  createRoom(@CurrentUser() who: Principal, @Body() dto: CreateRoomDto): Promise<RoomDto> {
    return this.rooms.createGroupRoom(who, dto);
  }

  /**
   * Lists the rooms that you are in, the latest activity first, a page at a time. A room with new activity in the
   * meantime moves to the front: `chat:posted` announces it, and no later page contains it.
   */
  @Get()
  @Errors()
  listJoinedRooms(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<RoomsDto> {
    return this.rooms.loadRoomPage(who, query);
  }

  /** Lists public rooms by name, a page at a time. */
  @Get('public')
  @Errors('forbidden')
  listPublicRooms(@CurrentUser() who: Principal, @Query() query: BrowseRoomsDto): Promise<PublicRoomsDto> {
    return this.rooms.browsePublicRooms(who, query);
  }

  /** Returns a room that you are in. For a public room that you are not in, the error shows it in `details.room`. */
  @Get(':roomId')
  @Errors('forbidden', 'room_not_found')
  getRoom(@CurrentUser() who: Principal, @Param('roomId', roomIdPipe) id: string): Promise<RoomDto> {
    return this.rooms.loadRoomForMember(who, id);
  }

  /** Changes a room: its name or who may enter its calls (moderators), or who can find it (the owner). One that is encrypted stays private. */
  @Patch(':roomId')
  @Errors('forbidden', 'room_not_found', 'removed_from_call', 'room_encrypted')
  changeRoom(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Body() dto: ChangeRoomDto,
  ): Promise<RoomDto> {
    return this.rooms.changeRoomSettings(who, id, dto);
  }

  /** Changes your own setting for a room: whether its calls ring for you. */
  @Patch(':roomId/membership')
  @Errors('forbidden', 'room_not_found')
  changeRoomMembership(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Body() dto: ChangeMembershipDto,
  ): Promise<RoomDto> {
    return this.rooms.setRoomDoNotDisturb(who, id, dto);
  }

  /** Deletes a room with all its messages. For its owner. */
  @Delete(':roomId')
  @HttpCode(204)
  @Errors('forbidden', 'room_not_found')
  deleteRoom(@CurrentUser() who: Principal, @Param('roomId', roomIdPipe) id: string): Promise<void> {
    return this.rooms.deleteOwnedRoom(who, id);
  }

  /** Joins a public room. Nothing changes when you are in it already. */
  @Post(':roomId/join')
  @HttpCode(200)
  @Errors('forbidden', 'room_not_found', 'removed_from_room', 'room_locked')
  joinPublicRoom(@CurrentUser() who: Principal, @Param('roomId', roomIdPipe) id: string): Promise<RoomDto> {
    return this.rooms.enterPublicRoom(who, id);
  }

  /** Leaves a room. An owner is followed by the moderator, else the member, who joined first; else the room ends. */
  @Post(':roomId/leave')
  @HttpCode(204)
  @Errors('forbidden', 'room_not_found')
  leaveRoom(@CurrentUser() who: Principal, @Param('roomId', roomIdPipe) id: string): Promise<void> {
    return this.members.endOwnMembership(who, id);
  }
}
