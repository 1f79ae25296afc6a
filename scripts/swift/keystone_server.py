"""Serves Keystone on loopback with one thread, which SQLite wants: keystone_server.py CONF PORT."""
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

conf, port = sys.argv[1], int(sys.argv[2])
sys.argv = ["keystone-wsgi-public", "--config-file", conf]

from keystone.server.wsgi import initialize_public_application  # noqa: E402  reads sys.argv


class Server(WSGIServer):
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


make_server("127.0.0.1", port, initialize_public_application(), Server, Quiet).serve_forever()
