import type { Ringtone } from '@webcall/contracts';
import type { Writers } from '@webcall/domain';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An account, or a guest: a user without e-mail and password. */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  username!: string;

  /** Normalised look of an account's name (`toNameLook`), unique among accounts. Guests have none. */
  @Column('text', { name: 'name_look', nullable: true })
  nameLook!: string | null;

  @Column('text', { nullable: true })
  email!: string | null;

  /** The form under which an account's e-mail is unique (`toCanonicalEmail`). Guests have none. */
  @Column('text', { name: 'canonical_email', nullable: true })
  canonicalEmail!: string | null;

  /** 0, or the number of an account that shares the canonical e-mail with an older one from before it was unique. */
  @Column('integer', { name: 'email_twin', default: 0 })
  emailTwin!: number;

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

  /** Who may begin to write to the user. */
  @Column('text', { default: 'members' })
  writers!: Writers;

  /** Stored only for users who share it. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;

  /** The creator of the invitation by which a guest joined, who may no longer exist. */
  @Column('uuid', { name: 'invited_by', nullable: true })
  invitedBy!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
