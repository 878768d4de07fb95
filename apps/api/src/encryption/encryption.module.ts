import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { DeviceAnnouncer } from './devices/device-announcer';
import { DeviceListViews } from './devices/device-list-views';
import { DeviceListsService } from './devices/device-lists.service';
import { DeviceSessions } from './devices/device-sessions';
import { DeviceUpkeep } from './devices/device-upkeep';
import { DevicesOfPeopleController } from './devices/devices-of-people.controller';
import { DevicesController } from './devices/devices.controller';
import { KeyPackagesService } from './devices/key-packages.service';
import { ListedDevices } from './devices/listed-devices';
import { NewStarts } from './devices/new-starts';
import { OwnDevices } from './devices/own-devices';
import { PairingsController } from './devices/pairings.controller';
import { PairingsService } from './devices/pairings.service';

/** What the server stores and hands on for encrypted rooms, without being able to read it. No other module imports it. */
@Module({
  imports: [ContactsModule],
  controllers: [DevicesController, PairingsController, DevicesOfPeopleController],
  providers: [
    DeviceAnnouncer,
    DeviceListViews,
    DeviceListsService,
    DeviceSessions,
    DeviceUpkeep,
    KeyPackagesService,
    ListedDevices,
    NewStarts,
    OwnDevices,
    PairingsService,
  ],
})
export class EncryptionModule {}
