import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** One link in the chain of a session's refresh tokens; only the last one is unused. */
@Entity('refresh_tokens')
export class RefreshToken {
  /** SHA-256 of the token, hex: the token itself is known to the device alone. */
  @PrimaryColumn('text')
  hash!: string;

  @Column('uuid', { name: 'session_id' })
  sessionId!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;

  /** The client's name for the refresh that used it. */
  @Column('uuid', { nullable: true })
  attempt!: string | null;

  /** Hash of the token that it was exchanged for. */
  @Column('text', { nullable: true })
  successor!: string | null;
}
