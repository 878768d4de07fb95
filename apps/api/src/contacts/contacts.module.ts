import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module';
import { ContactPairs } from './contact-pairs';
import { ContactPresence } from './contact-presence';
import { ContactViews } from './contact-views';
import { ContactsController } from './contacts.controller';
import { ContactsGateway } from './contacts.gateway';
import { ContactsService } from './contacts.service';
import { PeopleController } from './people.controller';
import { PreferencesController } from './preferences.controller';
import { PreferencesService } from './preferences.service';

/** Contacts between users, their presence, and their preferences for being reached. */
@Module({
  imports: [UsersModule],
  controllers: [ContactsController, PeopleController, PreferencesController],
  providers: [ContactViews, ContactsGateway, ContactsService, ContactPairs, PreferencesService, ContactPresence],
  exports: [ContactsService],
})
export class ContactsModule {}
