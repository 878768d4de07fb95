import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageChangesQueryDto, MessagesDto, MessagesQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { Errors } from '../platform/http/errors.decorator';
import { IdPipe } from '../platform/http/input.pipe';
import { ChatService } from './chat.service';

const roomIdPipe = new IdPipe('room_not_found');

@ApiTags('Messages')
@Controller('rooms/:roomId/messages')
export class MessagesController {
  constructor(private readonly chat: ChatService) {}

  /** Reads messages by number: those after a given number, those before a given number, or the newest. */
  @Get()
  @Errors('forbidden', 'room_not_found')
  listMessages(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() query: MessagesQueryDto,
  ): Promise<MessagesDto> {
    return this.chat.loadMessagePage(who, id, query);
  }

  /** Reads messages that were edited or deleted after a revision. Ask again after the highest one you get. */
  @Get('changes')
  @Errors('forbidden', 'room_not_found')
  listMessageChanges(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() query: MessageChangesQueryDto,
  ): Promise<MessagesDto> {
    return this.chat.loadMessageChanges(who, id, query);
  }
}
