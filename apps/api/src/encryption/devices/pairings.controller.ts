import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AskPairingDto, PairingApprovalDto, PairingOutcomeDto, PairingsDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { LargeBody } from '../../platform/http/large-body';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { PairingsService } from './pairings.service';

const pairingIdPipe = new IdPipe('pairing_not_found');

@ApiTags('Devices')
@Controller('devices/pairings')
export class PairingsController {
  constructor(private readonly pairings: PairingsService) {}

  /** Asks your other devices to let this one in: for ten minutes, in place of what this session has asked before. */
  @Post()
  @HttpCode(204)
  @UseLimits('devices')
  @Errors('forbidden', 'id_taken')
  askForPairing(@CurrentUser() who: Principal, @Body() dto: AskPairingDto): Promise<void> {
    return this.pairings.askForPairing(who, dto);
  }

  /** Lists what other sessions of yours ask. For sessions of a device. */
  @Get()
  @Errors('device_required')
  listWaitingPairings(@CurrentUser() who: Principal): Promise<PairingsDto> {
    return this.pairings.listWaitingPairings(who);
  }

  /** Lets a device in: stores your device list with it, as `PUT /devices/list` does, and the answer for the device. */
  @Put(':pairingId/approval')
  @HttpCode(204)
  @LargeBody()
  @UseLimits('devices')
  @Errors(
    'device_required',
    'pairing_not_found',
    'device_list_outdated',
    'new_start_required',
    'new_start_waits',
    'quota_reached',
  )
  approvePairing(
    @CurrentUser() who: Principal,
    @Param('pairingId', pairingIdPipe) pairingId: string,
    @Body() dto: PairingApprovalDto,
  ): Promise<void> {
    return this.pairings.approvePairing(who, pairingId, dto);
  }

  /** Returns the answer to what this session has asked, once there is one. Delete the request when it is stored. */
  @Get(':pairingId/approval')
  @Errors('pairing_not_found')
  getPairingOutcome(
    @CurrentUser() who: Principal,
    @Param('pairingId', pairingIdPipe) pairingId: string,
  ): Promise<PairingOutcomeDto> {
    return this.pairings.loadOutcome(who, pairingId);
  }

  /** Ends a request: the session that has asked needs it no more, or one of a device turns it down before it is answered. */
  @Delete(':pairingId')
  @HttpCode(204)
  @Errors('pairing_not_found')
  deletePairing(@CurrentUser() who: Principal, @Param('pairingId', pairingIdPipe) pairingId: string): Promise<void> {
    return this.pairings.deletePairing(who, pairingId);
  }
}
