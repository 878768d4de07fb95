import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Visibility } from '@webcall/domain';

/** A room. `last_seq` and `revision` number its messages and their changes. */
@Entity('rooms')
export class Room {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  kind!: 'group' | 'direct';

  @Column('text')
  name!: string;

  @Column('text')
  visibility!: Visibility;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
