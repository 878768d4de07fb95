import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module';
import { ContactViews } from './contact-views';
import { ContactsController } from './contacts.controller';
import { ContactsGateway } from './contacts.gateway';
import { ContactsService } from './contacts.service';
import { Pairs } from './pairs';
import { PeopleController } from './people.controller';
import { PreferencesController } from './preferences.controller';
import { PreferencesService } from './preferences.service';
import { Whereabouts } from './whereabouts';

/** People: who is whose contact, where they are, and how they want to be reached. */
@Module({
  imports: [UsersModule],
  controllers: [ContactsController, PeopleController, PreferencesController],
  providers: [ContactViews, ContactsGateway, ContactsService, Pairs, PreferencesService, Whereabouts],
  exports: [ContactsService],
})
export class ContactsModule {}
