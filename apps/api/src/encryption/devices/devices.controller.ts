import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  DeviceListsDto,
  DeviceListsQueryDto,
  DeviceSessionDto,
  KeyPackageDto,
  NewIdentityDto,
  NewStartDto,
  OwnDevicesDto,
  SignedDeviceListDto,
} from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { LargeBody } from '../../platform/http/large-body';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { DeviceListsService } from './device-lists.service';
import { DeviceSessions } from './device-sessions';
import { KeyPackagesService } from './key-packages.service';
import { NewStarts } from './new-starts';
import { OwnDevices } from './own-devices';

@ApiTags('Devices')
@Controller('devices')
export class DevicesController {
  constructor(
    private readonly own: OwnDevices,
    private readonly lists: DeviceListsService,
    private readonly deviceSessions: DeviceSessions,
    private readonly keyPackages: KeyPackagesService,
    private readonly newStarts: NewStarts,
  ) {}

  /** Returns your identity and your devices. `devices:changed` says when to ask again. */
  @Get()
  @Errors()
  getOwnDevices(@CurrentUser() who: Principal): Promise<OwnDevicesDto> {
    return this.own.loadOwnDevices(who);
  }

  /**
   * Stores your device list, signed by your identity, if its version is above that of the one before; the same list
   * again changes nothing. Whoever is in it no more ends, with all its sessions. The first list begins your identity;
   * one of another identity takes its place after a new start, and ends all devices of before.
   */
  @Put('list')
  @HttpCode(204)
  @LargeBody()
  @UseLimits('devices')
  @Errors('device_list_outdated', 'new_start_required', 'new_start_waits', 'quota_reached')
  storeDeviceList(@CurrentUser() who: Principal, @Body() dto: SignedDeviceListDto): Promise<void> {
    return this.lists.storeDeviceList(who, dto);
  }

  /**
   * Returns the device lists of several users: yourself, contacts, members of your rooms, and authors of messages
   * there. Verify each by its signature, and keep the highest version you have seen.
   */
  @Get('lists')
  @UseLimits('devices:lists')
  @Errors()
  listDeviceLists(@CurrentUser() who: Principal, @Query() { userIds }: DeviceListsQueryDto): Promise<DeviceListsDto> {
    return this.lists.loadListsOf(who, userIds.split(','));
  }

  /** Makes this session one of a device in your list: the device signs it. To be done after each sign-in. */
  @Put(':deviceId/session')
  @HttpCode(204)
  @Errors('device_not_found', 'forbidden')
  bindSession(
    @CurrentUser() who: Principal,
    @Param('deviceId', new IdPipe('device_not_found')) deviceId: string,
    @Body() dto: DeviceSessionDto,
  ): Promise<void> {
    return this.deviceSessions.bindSession(who, deviceId, dto);
  }

  /** Leaves a key package of this device, in place of the one before. */
  @Put('key-package')
  @HttpCode(204)
  @Errors('device_required')
  storeKeyPackage(@CurrentUser() who: Principal, @Body() dto: KeyPackageDto): Promise<void> {
    return this.keyPackages.storeKeyPackage(who, dto);
  }

  /**
   * Asks for a new start with another identity, by this session. It has to wait for a day if another device of yours
   * was used within the last week, unless one agrees.
   */
  @Put('new-start')
  @UseLimits('devices', 'devices:new-start')
  @Errors('forbidden', 'device_list_not_found', 'new_start_not_found')
  askForNewStart(@CurrentUser() who: Principal, @Body() dto: NewIdentityDto): Promise<NewStartDto> {
    return this.newStarts.askForNewStart(who, dto);
  }

  /** Lets a new start that another session has asked for happen at once. For a device of the present identity. */
  @Put('new-start/agreement')
  @HttpCode(204)
  @Errors('device_required', 'new_start_not_found')
  agreeToNewStart(@CurrentUser() who: Principal, @Body() dto: NewIdentityDto): Promise<void> {
    return this.newStarts.agreeToNewStart(who, dto);
  }

  /** Calls a new start off. For a device of the present identity, and for the session that has asked. */
  @Delete('new-start')
  @HttpCode(204)
  @Errors('device_required', 'new_start_not_found')
  cancelNewStart(@CurrentUser() who: Principal): Promise<void> {
    return this.newStarts.cancelNewStart(who);
  }
}
