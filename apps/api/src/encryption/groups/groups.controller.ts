import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ClaimCommitDto,
  CommitClaimDto,
  CommitsDto,
  FromNumberQueryDto,
  GroupInfoDto,
  SendCommitDto,
  TakenDto,
  WelcomeDto,
} from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { LargeBody } from '../../platform/http/large-body';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { CommitsService } from './commits.service';
import { WelcomesService } from './welcomes.service';

const roomIdPipe = new IdPipe('room_not_found');

const READER_REFUSALS = ['forbidden', 'room_not_found', 'room_not_encrypted', 'group_not_found'] as const;
const ACTOR_REFUSALS = [...READER_REFUSALS, 'not_contacts', 'device_required'] as const;

@ApiTags('Encrypted rooms')
@Controller('rooms/:roomId/groups/:groupId')
export class GroupsController {
  constructor(
    private readonly commits: CommitsService,
    private readonly welcomes: WelcomesService,
  ) {}

  /** Reads the commits of a group by their epochs. Ask again after the last one that you get, until you have all. */
  @Get('commits')
  @UseLimits('groups:fetch')
  @Errors(...READER_REFUSALS)
  listCommits(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
    @Query() { from }: FromNumberQueryDto,
  ): Promise<CommitsDto> {
    return this.commits.loadCommits(who, id, groupId, from);
  }

  /** Sends the commit that ends an epoch; the first one of each epoch is taken. Up to 10 a minute for each device. */
  @Post('commits')
  @LargeBody()
  @HttpCode(200)
  @Errors(...ACTOR_REFUSALS, 'encrypted_room_full')
  sendCommit(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
    @Body() dto: SendCommitDto,
  ): Promise<TakenDto> {
    return this.commits.takeCommit(who, id, groupId, dto);
  }

  /** Asks for the right of way to commit, for three seconds. Which commit counts does not depend on it. */
  @Post('claim')
  @HttpCode(200)
  @Errors(...ACTOR_REFUSALS)
  claimCommit(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
    @Body() { epoch }: ClaimCommitDto,
  ): Promise<CommitClaimDto> {
    return this.commits.claimCommit(who, id, groupId, epoch);
  }

  /** Returns by what a device joins the group by itself. */
  @Get('info')
  @UseLimits('groups:fetch')
  @Errors(...READER_REFUSALS)
  getGroupInfo(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
  ): Promise<GroupInfoDto> {
    return this.commits.loadGroupInfo(who, id, groupId);
  }

  /** Returns the newest welcome for this device. */
  @Get('welcome')
  @UseLimits('groups:fetch')
  @Errors(...READER_REFUSALS, 'device_required')
  getWelcome(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
  ): Promise<WelcomeDto> {
    return this.welcomes.loadWelcome(who, id, groupId);
  }

  /** Asks the devices of the members to let this one in; `welcome:asked` tells them. */
  @Post('welcome')
  @HttpCode(204)
  @UseLimits('groups:welcome')
  @Errors(...ACTOR_REFUSALS, 'encrypted_room_full')
  askForWelcome(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
  ): Promise<void> {
    return this.welcomes.askForWelcome(who, id, groupId);
  }

  /** Deletes a welcome for this device, which needs it no more; not a newer one. */
  @Delete('welcome/:welcomeId')
  @HttpCode(204)
  @Errors(...READER_REFUSALS, 'device_required')
  deleteWelcome(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('groupId') groupId: string,
    @Param('welcomeId') welcomeId: string,
  ): Promise<void> {
    return this.welcomes.deleteWelcome(who, id, groupId, welcomeId);
  }
}
