import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoomMemberships } from '../platform/ports';
import { UsersModule } from '../users/users.module';
import { RoomAnnouncer } from './core/room-announcer';
import { RoomViews } from './core/room-views';
import { Room } from './core/room.entity';
import { RoomsController } from './core/rooms.controller';
import { DirectRooms } from './direct-rooms';
import { Invitation } from './invitations/invitation.entity';
import { InvitationsController } from './invitations/invitations.controller';
import { InvitationsService } from './invitations/invitations.service';
import { JoiningController } from './invitations/joining.controller';
import { JoiningService } from './invitations/joining.service';
import { MemberArrivals } from './members/member-arrivals';
import { MemberDepartures } from './members/member-departures';
import { MemberViews } from './members/member-views';
import { Member } from './members/member.entity';
import { MembersController } from './members/members.controller';
import { MembersService } from './members/members.service';
import { RemovalsController } from './members/removals.controller';
import { RemovalsService } from './members/removals.service';
import { RoomsService } from './rooms.service';

/** Rooms, their members and invitations. Global, because sockets read memberships through the port RoomMemberships. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Invitation, Member, Room]), UsersModule],
  controllers: [RoomsController, MembersController, RemovalsController, InvitationsController, JoiningController],
  providers: [
    RoomAnnouncer,
    MemberArrivals,
    MemberDepartures,
    DirectRooms,
    InvitationsService,
    JoiningService,
    MemberViews,
    MembersService,
    RemovalsService,
    RoomViews,
    RoomsService,
    { provide: RoomMemberships, useExisting: RoomsService },
  ],
  exports: [DirectRooms, MembersService, RoomMemberships, RoomsService],
})
export class RoomsModule {}
