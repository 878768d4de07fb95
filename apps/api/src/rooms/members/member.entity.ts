import type { Role } from '@webcall/domain';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A user in a room. */
@Entity('members')
export class Member {
  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  role!: Role;

  @Column('integer', { name: 'read_seq', default: 0 })
  readSeq!: number;

  /** Calls in this room do not ring for this member. */
  @Column('boolean', { name: 'do_not_disturb', default: false })
  doNotDisturb!: boolean;

  @CreateDateColumn({ name: 'joined_at', type: 'timestamptz' })
  joinedAt!: Date;
}
