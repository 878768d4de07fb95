import type { Door, RoomKind, Visibility } from '@webcall/domain';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A room. `last_seq` and `revision` number its messages and their changes. */
@Entity('rooms')
export class Room {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  kind!: RoomKind;

  @Column('text')
  name!: string;

  @Column('text')
  visibility!: Visibility;

  @Column('text')
  door!: Door;

  @Column('boolean')
  closed!: boolean;

  /** The ids of the two users of a direct room, the lower first. */
  @Column('text', { name: 'direct_pair', nullable: true })
  directPair!: string | null;

  /** Number of the first message that has to be sealed; null if messages are plain. */
  @Column('integer', { name: 'encrypted_from', nullable: true })
  encryptedFrom!: number | null;

  /** Its creator, who may no longer own it, be in it or exist; null for a direct room. */
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
