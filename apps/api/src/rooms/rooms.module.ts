import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoomMemberships } from '../platform/realtime/room-memberships';
import { UsersModule } from '../users/users.module';
import { Announcements } from './core/announcements';
import { Arrivals } from './members/arrivals';
import { Departures } from './members/departures';
import { DirectRooms } from './direct-rooms';
import { Invitation } from './invitations/invitation.entity';
import { InvitationsController } from './invitations/invitations.controller';
import { InvitationsService } from './invitations/invitations.service';
import { JoiningController } from './invitations/joining.controller';
import { JoiningService } from './invitations/joining.service';
import { Member } from './members/member.entity';
import { MemberViews } from './members/member-views';
import { MembersController } from './members/members.controller';
import { MembersService } from './members/members.service';
import { RemovalsController } from './members/removals.controller';
import { RemovalsService } from './members/removals.service';
import { RoomEvents } from './room-events';
import { RoomViews } from './core/room-views';
import { Room } from './core/room.entity';
import { RoomsController } from './core/rooms.controller';
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
