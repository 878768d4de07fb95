import { IsUUID } from 'class-validator';

/** The room that a socket command is about. */
export class RoomRefDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  @IsUUID()
  roomId!: string;
}
