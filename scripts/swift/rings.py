"""Builds the three rings of the loopback Swift once: rings.py ETC REPLICAS NODES PORT_BASE."""
import os
import sys

from swift.common.ring import RingBuilder

etc, replicas, nodes, base = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
PART_POWER = 6
for kind, offset in (("object", 0), ("container", 1), ("account", 2)):
    ring = os.path.join(etc, kind + ".ring.gz")
    if os.path.exists(ring):
        continue
    builder = RingBuilder(PART_POWER, replicas, 0)
    for node in range(1, nodes + 1):
        port = base + 10 * node + offset
        builder.add_dev({
            "region": 1, "zone": node, "ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1",
            "replication_port": port, "device": "d%d" % node, "weight": 100.0, "meta": "",
        })
    builder.rebalance()
    builder.get_ring().save(ring)
    builder.save(os.path.join(etc, kind + ".builder"))
