/**
 * The content of an entry, for statements, with the names that its people have now: the entry keeps those that they had when
 * it was written, for whoever is no user any more.
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
