import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A token in the chain of a session's refresh tokens; only the last one is unused. */
@Entity('refresh_tokens')
export class RefreshToken {
  /** SHA-256 of the token, hex: only the device knows the token itself. */
  @PrimaryColumn('text')
  hash!: string;

  @Column('uuid', { name: 'session_id' })
  sessionId!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;

  /** The id that the client gave with the refresh that used this token. */
  @Column('uuid', { nullable: true })
  attempt!: string | null;

  /** Hash of the token that replaced this one: the next in the chain, or the one that a repeat got later. */
  @Column('text', { nullable: true })
  successor!: string | null;
}
