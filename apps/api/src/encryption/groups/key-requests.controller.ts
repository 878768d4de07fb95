import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  FromNumberQueryDto,
  KeyAnswerDto,
  KeyRequestDto,
  KeyRequestsDto,
  NumberedKeyAnswerDto,
  TakenDto,
} from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { LargeBody } from '../../platform/http/large-body';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { KeyRequestsService } from './key-requests.service';

const roomIdPipe = new IdPipe('room_not_found');
const askerPipe = new IdPipe('key_request_not_found');

const REFUSALS = ['forbidden', 'room_not_found', 'not_contacts', 'room_not_encrypted', 'device_required'] as const;

@ApiTags('Encrypted rooms')
@Controller('rooms/:roomId/key-requests')
export class KeyRequestsController {
  constructor(private readonly requests: KeyRequestsService) {}

  /** Lists what the other devices of the room ask for, the newest first. */
  @Get()
  @Errors(...REFUSALS)
  listKeyRequests(@CurrentUser() who: Principal, @Param('roomId', roomIdPipe) id: string): Promise<KeyRequestsDto> {
    return this.requests.loadRequests(who, id);
  }

  /** Asks the other devices of the room for keys, for a day. Answers to an earlier request of this device are gone. */
  @Put('own')
  @HttpCode(204)
  @UseLimits('groups:keys')
  @Errors(...REFUSALS)
  askForKeys(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Body() dto: KeyRequestDto,
  ): Promise<void> {
    return this.requests.storeRequest(who, id, dto);
  }

  /** Deletes the request of this device, with its answers. */
  @Delete('own')
  @HttpCode(204)
  @Errors(...REFUSALS)
  deleteKeyRequest(@CurrentUser() who: Principal, @Param('roomId', roomIdPipe) id: string): Promise<void> {
    return this.requests.deleteRequest(who, id);
  }

  /** Returns one answer to the request of this device: that with the number `from`, counted from 0. */
  @Get('own/answers')
  @UseLimits('groups:fetch')
  @Errors(...REFUSALS)
  getKeyAnswer(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() { from }: FromNumberQueryDto,
  ): Promise<NumberedKeyAnswerDto> {
    return this.requests.loadAnswer(who, id, from);
  }

  /** Answers a request. Taken are one answer of each device, two of each user, and the first five of all. */
  @Post(':userId/:deviceId/answers')
  @LargeBody()
  @HttpCode(200)
  @UseLimits('groups:keys')
  @Errors(...REFUSALS, 'key_request_not_found')
  answerKeyRequest(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) roomId: string,
    @Param('userId', askerPipe) userId: string,
    @Param('deviceId', askerPipe) deviceId: string,
    @Body() dto: KeyAnswerDto,
  ): Promise<TakenDto> {
    return this.requests.takeAnswer(who, { roomId, userId, deviceId }, dto);
  }
}
