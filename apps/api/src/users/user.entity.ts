import type { Ringtone } from '@webcall/contracts';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An account, or a guest: a user without e-mail and password. */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  username!: string;

  /** What people take an account's name for (`lookOf`): no two accounts have the same. Guests have none. */
  @Column('text', { name: 'name_look', nullable: true })
  nameLook!: string | null;

  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  @Column('boolean', { default: false })
  guest!: boolean;

  @Column('boolean', { name: 'do_not_disturb', default: false })
  doNotDisturb!: boolean;

  @Column('boolean', { name: 'share_last_seen', default: false })
  shareLastSeen!: boolean;

  @Column('text', { default: 'chime' })
  ringtone!: Ringtone;

  /** Kept only of those who share it. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;

  /** Whose invitation a guest came by, whether or not they are still there. */
  @Column('uuid', { name: 'invited_by', nullable: true })
  invitedBy!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
