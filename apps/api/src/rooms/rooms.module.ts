import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoomMemberships } from '../platform/realtime/room-memberships';
import { UsersModule } from '../users/users.module';
import { Announcements } from './announcements';
import { Arrivals } from './arrivals';
import { Departures } from './departures';
import { DirectRooms } from './direct-rooms';
import { Invitation } from './invitation.entity';
import { InvitationsController } from './invitations.controller';
import { InvitationsService } from './invitations.service';
import { JoiningController } from './joining.controller';
import { JoiningService } from './joining.service';
import { Member } from './member.entity';
import { MemberViews } from './member-views';
import { MembersController } from './members.controller';
import { MembersService } from './members.service';
import { RemovalsController } from './removals.controller';
import { RemovalsService } from './removals.service';
import { RoomEvents } from './room-events';
import { RoomViews } from './room-views';
import { Room } from './room.entity';
import { RoomsController } from './rooms.controller';
import { RoomsService } from './rooms.service';

/** Rooms, their members and invitations. Global for the sockets' sake, which read memberships through their own port. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Invitation, Member, Room]), UsersModule],
  controllers: [RoomsController, MembersController, RemovalsController, InvitationsController, JoiningController],
  providers: [
    Announcements,
    Arrivals,
    Departures,
    DirectRooms,
    InvitationsService,
    JoiningService,
    MemberViews,
    MembersService,
    RemovalsService,
    RoomEvents,
    RoomViews,
    RoomsService,
    { provide: RoomMemberships, useExisting: RoomsService },
  ],
  exports: [DirectRooms, MembersService, RoomEvents, RoomMemberships, RoomsService],
})
export class RoomsModule {}
