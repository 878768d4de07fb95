/**
 * SQL of an entry's content with the current names of its people. The stored entry keeps the names at the time of
 * writing, for people who have been deleted since.
 * @param content a column that holds the content of a message
 */
export function withCurrentNames(content: string): string {
  const people = (key: string): string => `jsonb_set(${content}, '{${key}}', (
    SELECT coalesce(jsonb_agg(
      CASE WHEN named.id IS NULL THEN one ELSE one || jsonb_build_object('name', named.username) END ORDER BY place
    ), '[]')
    FROM jsonb_array_elements(${content}->'${key}') WITH ORDINALITY AS people (one, place)
    LEFT JOIN users named ON named.id = (one->>'userId')::uuid
  ))`;
  return `CASE ${content}->>'type' WHEN 'call' THEN ${people('people')} WHEN 'ring' THEN ${people('callees')}
    ELSE ${content} END`;
}
