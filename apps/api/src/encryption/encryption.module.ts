import { Module } from '@nestjs/common';
import { ChatModule } from '../chat/chat.module';
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
import { ChainService } from './groups/chain.service';
import { CommitsService } from './groups/commits.service';
import { EncryptionController } from './groups/encryption.controller';
import { GroupAccess } from './groups/group-access';
import { GroupAnnouncer } from './groups/group-announcer';
import { GroupCleanup } from './groups/group-cleanup';
import { GroupsController } from './groups/groups.controller';
import { KeyRequestsController } from './groups/key-requests.controller';
import { KeyRequestsService } from './groups/key-requests.service';
import { MemberVersions } from './groups/member-versions';
import { RoomEncryptionService } from './groups/room-encryption.service';
import { WelcomesService } from './groups/welcomes.service';
import { VaultAnnouncer } from './vault/vault-announcer';
import { VaultRows } from './vault/vault-rows';
import { VaultController } from './vault/vault.controller';
import { VaultService } from './vault/vault.service';

/** What the server stores and hands on for encrypted rooms, without being able to read it. No other module imports it. */
@Module({
  imports: [ChatModule, ContactsModule],
  controllers: [
    DevicesController,
    PairingsController,
    DevicesOfPeopleController,
    EncryptionController,
    GroupsController,
    KeyRequestsController,
    VaultController,
  ],
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
    GroupAccess,
    ChainService,
    CommitsService,
    WelcomesService,
    RoomEncryptionService,
    MemberVersions,
    GroupAnnouncer,
    KeyRequestsService,
    GroupCleanup,
    VaultAnnouncer,
    VaultRows,
    VaultService,
  ],
})
export class EncryptionModule {}
