// The SQL of how deep a tree is: see depth.ts.
import { statement } from '../../sql.ts';

/** Of the tree ?1 whose head's path has ?2 bytes: whether a path in it has more than ?3. ?4: bytes that a name and its slash have at most. */
export const TOO_DEEP = statement<{ found: number }>(
  `WITH RECURSIVE below (id, bytes) AS (
     SELECT ?1, ?2
     UNION ALL SELECT child.id, below.bytes + 1 + length(CAST(child.name AS BLOB)) FROM below JOIN node AS child
       ON child.parent = below.id AND child.type = 'ContainerNode' WHERE below.bytes <= ?3)
   SELECT 1 AS found FROM below WHERE bytes > ?3 OR (bytes + ?4 > ?3 AND EXISTS (
     SELECT 1 FROM node WHERE parent = below.id AND below.bytes + 1 + length(CAST(name AS BLOB)) > ?3)) LIMIT 1`,
);
