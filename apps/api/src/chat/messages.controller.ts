import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageChangesQueryDto, MessagesDto, MessagesQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Answers } from '../platform/http/answers';
import { IdPipe } from '../platform/http/id.pipe';
import { ChatService } from './chat.service';

const roomId = new IdPipe('room_not_found');

@ApiTags('Messages')
@Controller('rooms/:roomId/messages')
export class MessagesController {
  constructor(private readonly chat: ChatService) {}

  /** Reads messages by number: those after one, those before one, or the newest. */
  @Get()
  @Answers('forbidden', 'room_not_found')
  history(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Query() query: MessagesQueryDto,
  ): Promise<MessagesDto> {
    return this.chat.history(who, id, query);
  }

  /** Reads messages that were edited or deleted after a revision. Ask again after the highest one you get. */
  @Get('changes')
  @Answers('forbidden', 'room_not_found')
  changes(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Query() query: MessageChangesQueryDto,
  ): Promise<MessagesDto> {
    return this.chat.changes(who, id, query);
  }
}
