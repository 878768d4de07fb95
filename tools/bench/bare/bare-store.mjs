/** The statement with which the bare chat stores a message in one transaction: see bare-chat.mjs. */
export const STORE = {
  name: 'store',
  text: `WITH room AS (
      UPDATE rooms SET last_seq = last_seq + 1, active_at = now() WHERE id = $1 RETURNING last_seq
    ), read AS (
      UPDATE members SET read_seq = last_seq FROM room WHERE room_id = $1 AND user_id = $3
    )
    INSERT INTO messages (id, room_id, seq, author_id, content) SELECT $2, $1, last_seq, $3, $4 FROM room
    RETURNING seq, sent_at`,
};
