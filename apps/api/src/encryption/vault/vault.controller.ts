import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AddVaultWrapsDto,
  AppendToVaultDto,
  VaultAppendedDto,
  VaultEntriesDto,
  VaultEntriesQueryDto,
  VaultWrapsDto,
  VaultWrapsQueryDto,
} from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { LargeBody } from '../../platform/http/large-body';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { IdentityPipe } from '../identity.pipe';
import { VaultService } from './vault.service';

const identityPipe = new IdentityPipe('invalid_input');

@ApiTags('Vault')
@Controller('vaults/:identity')
@UseLimits('vault')
export class VaultController {
  constructor(private readonly vaults: VaultService) {}

  /**
   * Reads the log of a vault of yours from an entry on, as much as half a megabyte. All your sessions can, and none of
   * anybody else: for an identity that is not yours, as for one without a vault, the log is empty. Guests have none.
   */
  @Get('entries')
  @Errors('forbidden')
  listEntries(
    @CurrentUser() who: Principal,
    @Param('identity', identityPipe) identity: Buffer,
    @Query() query: VaultEntriesQueryDto,
  ): Promise<VaultEntriesDto> {
    return this.vaults.loadEntries(who, identity, query);
  }

  /**
   * Adds entries to the log of a vault, adds wraps of its newest generation, and erases boxes: all of it, if the log
   * has the length that you name, or else nothing. For sessions of live devices of that identity. The event
   * `vault:changed` tells your other devices.
   */
  @Post('entries')
  @HttpCode(200)
  @LargeBody()
  @Errors('forbidden', 'device_required', 'quota_reached')
  appendEntries(
    @CurrentUser() who: Principal,
    @Param('identity', identityPipe) identity: Buffer,
    @Body() dto: AppendToVaultDto,
  ): Promise<VaultAppendedDto> {
    return this.vaults.appendEntries(who, identity, dto);
  }

  /** Returns the wraps of a generation of a vault of yours: its key, sealed to each device and to the recovery keys. */
  @Get('wraps')
  @Errors('forbidden')
  listWraps(
    @CurrentUser() who: Principal,
    @Param('identity', identityPipe) identity: Buffer,
    @Query() query: VaultWrapsQueryDto,
  ): Promise<VaultWrapsDto> {
    return this.vaults.loadWraps(who, identity, query);
  }

  /**
   * Adds wraps of a generation for those who have none; one that is there stays as it is. For sessions of live devices
   * of that identity. The event `vault:changed` tells your other devices.
   */
  @Post('wraps')
  @HttpCode(204)
  @LargeBody()
  @Errors('forbidden', 'device_required', 'quota_reached')
  addWraps(
    @CurrentUser() who: Principal,
    @Param('identity', identityPipe) identity: Buffer,
    @Body() dto: AddVaultWrapsDto,
  ): Promise<void> {
    return this.vaults.addWraps(who, identity, dto);
  }

  /**
   * Deletes the vault of an identity of yours that was replaced, for good: what it has can be read by its recovery
   * phrase as long as it is there. For sessions of live devices of your present identity, from the seventh day on after
   * the replacement.
   */
  @Delete()
  @HttpCode(204)
  @Errors('forbidden', 'device_required')
  deleteReplacedVault(@CurrentUser() who: Principal, @Param('identity', identityPipe) identity: Buffer): Promise<void> {
    return this.vaults.deleteReplacedVault(who, identity);
  }
}
