import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AppendChainItemDto,
  ChainDto,
  EncryptRoomDto,
  FromNumberQueryDto,
  MemberVersionsDto,
  MemberVersionsQueryDto,
  RoomEncryptionDto,
  TakenDto,
} from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { ChainService } from './chain.service';
import { RoomEncryptionService } from './room-encryption.service';

const roomIdPipe = new IdPipe('room_not_found');

@ApiTags('Encrypted rooms')
@Controller('rooms/:roomId')
export class EncryptionController {
  constructor(
    private readonly encryption: RoomEncryptionService,
    private readonly chain: ChainService,
  ) {}

  /** Says how far an encrypted room is: epoch, members, chain. */
  @Get('encryption')
  @Errors('forbidden', 'room_not_found', 'room_not_encrypted')
  getRoomEncryption(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
  ): Promise<RoomEncryptionDto> {
    return this.encryption.loadEncryption(who, id);
  }

  /**
   * Begins encryption in a private room, for good: from the next message on all are sealed. For the owner of a room, and
   * for both people of a direct one. It takes the first item of the room’s chain, and the id of the group that this item
   * names; the first commit of that group lets the others in.
   */
  @Post('encryption')
  @HttpCode(200)
  @Errors(
    'forbidden',
    'room_not_found',
    'not_contacts',
    'device_required',
    'room_public',
    'room_encrypted',
    'encrypted_room_full',
  )
  encryptRoom(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Body() dto: EncryptRoomDto,
  ): Promise<RoomEncryptionDto> {
    return this.encryption.encryptRoom(who, id, dto);
  }

  /** Lists who came into an encrypted room and went out of it, by the versions of its list of members. */
  @Get('encryption/members')
  @Errors('forbidden', 'room_not_found', 'room_not_encrypted')
  listMemberVersions(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() { after }: MemberVersionsQueryDto,
  ): Promise<MemberVersionsDto> {
    return this.encryption.loadMemberVersions(who, id, after);
  }

  /** Reads the chain of an encrypted room. Ask again after the last item that you get, until you have all. */
  @Get('chain')
  @UseLimits('groups:fetch')
  @Errors('forbidden', 'room_not_found', 'room_not_encrypted')
  listChainItems(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() { from }: FromNumberQueryDto,
  ): Promise<ChainDto> {
    return this.chain.loadItems(who, id, from);
  }

  /** Appends an item to the chain of an encrypted room, if nothing else came first. */
  @Post('chain')
  @HttpCode(200)
  @Errors('forbidden', 'room_not_found', 'not_contacts', 'room_not_encrypted', 'device_required')
  appendChainItem(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Body() dto: AppendChainItemDto,
  ): Promise<TakenDto> {
    return this.chain.appendItem(who, id, dto);
  }
}
