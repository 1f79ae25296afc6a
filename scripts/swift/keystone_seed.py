"""Gives Keystone the users, roles and endpoint of the loopback Swift: keystone_seed.py KEYSTONE_PORT SWIFT_PORT.

The password of every user is in the environment variable KEYSTONE_SECRET.
"""
import json
import os
import sys
import urllib.request

BASE = "http://127.0.0.1:%s/v3" % sys.argv[1]
SECRET = os.environ["KEYSTONE_SECRET"]


def call(method, path, body=None, token=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, method=method, data=data, headers={"Content-Type": "application/json"})
    if token:
        request.add_header("X-Auth-Token", token)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return answer.headers, json.loads(text) if text else None


headers, _ = call("POST", "/auth/tokens", {"auth": {
    "identity": {"methods": ["password"], "password": {"user": {"name": "admin", "domain": {"id": "default"}, "password": SECRET}}},
    "scope": {"project": {"name": "admin", "domain": {"id": "default"}}},
}})
admin = headers["X-Subject-Token"]


def make(kind, body):
    return call("POST", "/%ss" % kind, {kind: body}, admin)[1][kind]["id"]


projects = {name: make("project", {"name": name, "domain_id": "default"}) for name in ("service", "vospace")}
users = {name: make("user", {"name": name, "password": SECRET, "domain_id": "default"}) for name in ("swift", "vospace")}
roles = {role["name"]: role["id"] for role in call("GET", "/roles", token=admin)[1]["roles"]}
for name in ("service", "swiftoperator"):
    if name not in roles:
        roles[name] = make("role", {"name": name, "options": {}})
for project, user, role in (("service", "swift", "admin"), ("service", "swift", "service"), ("vospace", "vospace", "swiftoperator")):
    call("PUT", "/projects/%s/users/%s/roles/%s" % (projects[project], users[user], roles[role]), token=admin)
service = make("service", {"type": "object-store", "name": "swift"})
for interface in ("public", "internal"):
    make("endpoint", {"service_id": service, "interface": interface, "region_id": "RegionOne",
                      "url": "http://127.0.0.1:%s/v1/AUTH_%%(project_id)s" % sys.argv[2]})
