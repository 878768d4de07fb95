import { Global, Module } from '@nestjs/common';
import { RoomEvents } from './room-events';
import { RoomViews } from './room-views';
import { RoomsService } from './rooms.service';

@Global()
@Module({
  providers: [RoomEvents, RoomViews, RoomsService],
  exports: [RoomEvents, RoomsService],
})
export class RoomsModule {}
