// The tables of a Space. A migration is never edited once it has been deployed; a further one is appended.

export const MIGRATIONS: readonly string[] = [
  `
  -- What the Space is: its id, the name it is mounted under, its temp URL key epoch.
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- Permissions, interned: many nodes share one row. Groups are space-separated IVOIDs.
  CREATE TABLE access (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL, public INTEGER NOT NULL, inherit INTEGER NOT NULL, group_read TEXT NOT NULL, group_write TEXT NOT NULL,
    UNIQUE (owner, public, inherit, group_read, group_write)
  );

  CREATE TABLE node (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    parent INTEGER,                          -- NULL: the Space's own root (id 1), or the head of a detached tree
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    access INTEGER NOT NULL,
    immutable INTEGER NOT NULL DEFAULT 0,
    locked INTEGER NOT NULL DEFAULT 0,
    target TEXT,                             -- link nodes
    mount TEXT,                              -- in the root Space: the id of the Space that holds this top-level container
    mount_revision INTEGER NOT NULL DEFAULT 0,
    object INTEGER,                          -- the committed bytes; NULL: none yet
    size INTEGER NOT NULL DEFAULT 0,
    md5 TEXT,
    created INTEGER NOT NULL,                -- epoch milliseconds, as all times
    data_changed INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    pending INTEGER NOT NULL DEFAULT 0,      -- 1: made by an upload of which no bytes have been committed
    uploads INTEGER NOT NULL DEFAULT 0,      -- uploads under way
    generation INTEGER NOT NULL DEFAULT 0,   -- of the committed upload
    next_generation INTEGER NOT NULL DEFAULT 1
  );
  CREATE UNIQUE INDEX node_child ON node (parent, name);
  CREATE INDEX node_size ON node (parent, size, name);
  CREATE INDEX node_changed ON node (parent, changed, name);
  CREATE INDEX node_object ON node (object) WHERE object IS NOT NULL;
  CREATE INDEX node_mount ON node (mount) WHERE mount IS NOT NULL;
  CREATE INDEX node_fixed ON node (id) WHERE immutable = 1 OR locked = 1;

  CREATE TABLE property_name (id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE property (node INTEGER NOT NULL, name INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (node, name)) WITHOUT ROWID;

  -- In the root Space: the property URIs that each other Space has told of.
  CREATE TABLE space_property (space TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY (space, uri)) WITHOUT ROWID;

  -- Containers with a quota. used: committed bytes below; reserved: stated or assumed lengths of uploads under way.
  CREATE TABLE quota (node INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, used INTEGER NOT NULL, reserved INTEGER NOT NULL);

  -- Bytes in the store that nodes refer to. source: the uploaded key that must live as long as this one.
  CREATE TABLE object (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, source TEXT, size INTEGER NOT NULL);

  CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    node INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    principal TEXT NOT NULL,
    key TEXT NOT NULL,                       -- where the client's bytes arrive
    sealed INTEGER NOT NULL,                 -- 1: the key was never signed, so its bytes need no sealing
    clears INTEGER NOT NULL,                 -- 1: the node's properties are cleared at commit
    length INTEGER,
    reserved INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,                -- end of the signed URL
    deadline INTEGER NOT NULL,
    next_check INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    lease INTEGER NOT NULL DEFAULT 0,        -- until when the current attempt has the upload to itself
    outcome TEXT,                            -- NULL: under way; committed, superseded, expired, or a fault's name
    detail TEXT,
    due INTEGER NOT NULL                     -- the row's own deadline: the next look while under way, then removal
  ) WITHOUT ROWID;
  CREATE INDEX upload_due ON upload (due);
  CREATE INDEX upload_node ON upload (node);
  CREATE INDEX upload_principal ON upload (principal) WHERE outcome IS NULL;

  -- Keys in the store that nothing refers to, to be deleted when due.
  -- again: a second look, after the last PUT that can have begun before its URL ended.
  CREATE TABLE leftover (key TEXT PRIMARY KEY, due INTEGER NOT NULL, again INTEGER) WITHOUT ROWID;
  CREATE INDEX leftover_due ON leftover (due);

  -- Heads of detached trees, purged in batches. charged: the containers whose quotas get the bytes back, a JSON list of ids.
  CREATE TABLE purge (node INTEGER PRIMARY KEY, charged TEXT NOT NULL, due INTEGER NOT NULL);

  -- Calls owed to other objects: repeated until answered.
  CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, payload TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);

  CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, principal TEXT NOT NULL, action TEXT NOT NULL, path TEXT NOT NULL, detail TEXT NOT NULL);
  `,
  `
  -- The sweep asks for each key that it finds in the store whether a row knows it.
  CREATE INDEX object_source ON object (source) WHERE source IS NOT NULL;
  CREATE INDEX upload_key ON upload (key) WHERE outcome IS NULL;
  `,
  `
  -- The committed generation that a conditional upload (If-Match, If-None-Match) replaces; NULL: whatever is there.
  ALTER TABLE upload ADD COLUMN expects INTEGER;
  `,
  `
  -- The sweep is paused after a restore; "held" is what is said of objects.
  UPDATE meta SET key = 'paused' WHERE key = 'held';
  `,
  `
  -- A container's size is what has been committed below it, with or without a quota; the root learns of those of the other Spaces.
  ALTER TABLE quota DROP COLUMN used;
  UPDATE node SET size = (
    WITH RECURSIVE below (id) AS (
      SELECT node.id UNION ALL SELECT child.id FROM below JOIN node AS child ON child.parent = below.id WHERE child.type = 'ContainerNode')
    SELECT coalesce(sum(child.size), 0) FROM below JOIN node AS child
      ON child.parent = below.id AND (child.type <> 'ContainerNode' OR child.mount IS NOT NULL))
  WHERE type = 'ContainerNode' AND mount IS NULL;
  INSERT INTO outbox (kind, payload, due) SELECT 'project', '{"kind":"project"}', 0 FROM meta WHERE key = 'id';
  `,
  `
  -- The job that is told how the upload ends.
  ALTER TABLE upload ADD COLUMN job TEXT;
  `,
  `
  -- Searches go through containers, and look up rare properties. Neither index has an entry for a data node without properties.
  CREATE INDEX node_container ON node (parent, name, access) WHERE type = 'ContainerNode';
  CREATE INDEX property_find ON property (name, substr(value, 1, 64));
  `,
  `
  -- In the root: the revision of what each Space has told of its properties. Messages may overtake each other.
  CREATE TABLE space_told (space TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;

  -- A row's deadline is its due.
  ALTER TABLE upload DROP COLUMN next_check;
  `,
  `
  -- What an upload's client stated beforehand. part_size: bytes of each part of an upload in parts, whose key is a range of keys.
  ALTER TABLE upload ADD COLUMN part_size INTEGER;
  ALTER TABLE upload ADD COLUMN type TEXT;
  ALTER TABLE upload ADD COLUMN md5 TEXT;
  `,
  `
  -- The Space in whose store container the bytes lie; NULL: this one.
  ALTER TABLE object ADD COLUMN home TEXT;

  -- Who else than nodes of this Space needs its bytes: "space:ID:N" is the N-th arrival in another Space. open: more bytes may be added;
  -- due: when it is asked what has become of it. closed: bytes are only let go. ended: everything is let go, in batches.
  CREATE TABLE holder (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, due INTEGER);
  CREATE INDEX holder_due ON holder (due) WHERE due IS NOT NULL;
  CREATE TABLE hold (object INTEGER NOT NULL, holder INTEGER NOT NULL, PRIMARY KEY (object, holder)) WITHOUT ROWID;
  CREATE INDEX hold_holder ON hold (holder);

  -- The other side: by which arrivals this Space holds bytes that lie elsewhere, and which of them their homes are still to be told of.
  CREATE TABLE held (object INTEGER NOT NULL, arrival INTEGER NOT NULL, PRIMARY KEY (object, arrival)) WITHOUT ROWID;
  CREATE TABLE let_go (home TEXT NOT NULL, arrival INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (home, arrival, key)) WITHOUT ROWID;

  -- Trees that come into this Space. The hidden head has no parent until one transaction attaches what is below it.
  CREATE TABLE arrival (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,              -- of the work that it is part of: a repeat finds what has been done
    kind TEXT NOT NULL,
    source TEXT NOT NULL,                    -- the Space that it comes from
    whole INTEGER NOT NULL,                  -- 1: it becomes this whole Space
    origin INTEGER,                          -- the tree's head in its source
    head INTEGER,                            -- the hidden container; NULL: nothing is hidden
    access INTEGER NOT NULL DEFAULT 0,       -- of every node of a copy
    after TEXT NOT NULL DEFAULT '',          -- of the container whose children are being read: the last name that came
    nodes INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,                     -- open, attaching (a whole Space is told to the root), attached, gone
    name TEXT NOT NULL DEFAULT '',           -- what it is called here
    told INTEGER NOT NULL DEFAULT 0,         -- 1: the homes of its bytes and its source know how it ended
    due INTEGER NOT NULL                     -- open: given up; else: forgotten
  );
  CREATE INDEX arrival_due ON arrival (due);
  -- Containers whose children are still to come, in the order of their ids here.
  CREATE TABLE arriving (arrival INTEGER NOT NULL, node INTEGER NOT NULL, origin INTEGER NOT NULL, PRIMARY KEY (arrival, node)) WITHOUT ROWID;
  CREATE TABLE arrival_home (arrival INTEGER NOT NULL, home TEXT NOT NULL, PRIMARY KEY (arrival, home)) WITHOUT ROWID;

  -- Trees that are being moved to another Space: nothing in them changes.
  CREATE TABLE departure (node INTEGER PRIMARY KEY, holder TEXT NOT NULL, principal TEXT NOT NULL, due INTEGER NOT NULL);

  -- In the root Space: Spaces without a name whose bytes others hold.
  CREATE TABLE ghost (space TEXT PRIMARY KEY) WITHOUT ROWID;
  `,
  `
  -- Objects of containers that were there before their nodes have keys of their own form. owned: 1 where they go with their last node;
  -- seen: when the job began that has last found them in a listing.
  ALTER TABLE object ADD COLUMN owned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE object ADD COLUMN seen INTEGER;

  -- In the root: those containers. space: by which they were adopted, '' for several. epoch: of the temp URL key on them; 0: there is none.
  CREATE TABLE adoption (container TEXT PRIMARY KEY, space TEXT NOT NULL, owned INTEGER NOT NULL, epoch INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- The last pass over a tree that each job has made here, and what it came to.
  CREATE TABLE receipt (job TEXT PRIMARY KEY, turn INTEGER NOT NULL, body TEXT NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX receipt_due ON receipt (due);
  `,
  `
  -- Bytes of the path that the tree's head, or the container, is to have.
  ALTER TABLE arrival ADD COLUMN path_bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE arriving ADD COLUMN path_bytes INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Containers that are ends of pipes: they stay where they are. made: 1 where the pipe has made it.
  CREATE TABLE pipe_end (node INTEGER NOT NULL, pipe TEXT NOT NULL, role TEXT NOT NULL, made INTEGER NOT NULL, PRIMARY KEY (node, pipe, role)) WITHOUT ROWID;
  CREATE UNIQUE INDEX pipe_end_pipe ON pipe_end (pipe, role);

  -- What pipes have placed: the object that a node got, NULL for a container between. A node that has other bytes by now is not the pipe's.
  CREATE TABLE placed (node INTEGER PRIMARY KEY, pipe TEXT NOT NULL, object INTEGER);
  `,
];
