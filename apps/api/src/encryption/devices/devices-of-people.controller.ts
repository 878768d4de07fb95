import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeviceListDto, FoundKeyPackageDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { IdentityPipe } from '../identity.pipe';
import { DeviceListsService } from './device-lists.service';
import { KeyPackagesService } from './key-packages.service';

@ApiTags('Devices')
@Controller('users/:userId')
export class DevicesOfPeopleController {
  constructor(
    private readonly lists: DeviceListsService,
    private readonly keyPackages: KeyPackagesService,
  ) {}

  /** Returns the last list of an identity that a user has or had, by which old messages are verified. */
  @Get('device-lists/:identity')
  @UseLimits('devices:lists')
  @Errors('device_list_not_found')
  getDeviceList(
    @CurrentUser() who: Principal,
    @Param('userId', new IdPipe('device_list_not_found')) userId: string,
    @Param('identity', new IdentityPipe('device_list_not_found')) identity: Buffer,
  ): Promise<DeviceListDto> {
    return this.lists.loadListOfIdentity(who, userId, identity);
  }

  /** Returns the key package of a device: one of your own, or of somebody to whom you may write. */
  @Get('devices/:deviceId/key-package')
  @UseLimits('devices:key-packages')
  @Errors('forbidden', 'user_not_found', 'device_not_found')
  getKeyPackage(
    @CurrentUser() who: Principal,
    @Param('userId', new IdPipe('user_not_found')) userId: string,
    @Param('deviceId', new IdPipe('device_not_found')) deviceId: string,
  ): Promise<FoundKeyPackageDto> {
    return this.keyPackages.loadKeyPackage(who, userId, deviceId);
  }
}
