"""A client of Qpid Proton: sends one message, or hears one, and says what became of it.

    peer.py send URL ADDRESS FILE MODE     MODE is settled, first or second
    peer.py hear URL ADDRESS

The name and password stand in the URL. With CA, CERT and KEY in the environment TLS is spoken, and
the certificate is the proof (EXTERNAL), unless MECHANISM names another.
"""

import os
import sys

from proton import Delivery, Link, Message, SSLDomain
from proton.handlers import MessagingHandler
from proton.reactor import AtLeastOnce, AtMostOnce, Container, LinkOption


class Second(LinkOption):
    def apply(self, link):
        link.snd_settle_mode = Link.SND_UNSETTLED
        link.rcv_settle_mode = Link.RCV_SECOND


MODES = {"settled": AtMostOnce, "first": AtLeastOnce, "second": Second}


def say(*words):
    print(*words, flush=True)


class Peer(MessagingHandler):
    def __init__(self, what, url, address, file=None, mode="first"):
        super().__init__(auto_settle=mode != "second")
        self.what, self.url, self.address, self.file = what, url, address, file
        self.mode, self.sent = mode, False

    def on_start(self, event):
        options = {"reconnect": False, "allow_insecure_mechs": True, "sasl_enabled": True}
        if "CA" in os.environ:
            domain = SSLDomain(SSLDomain.MODE_CLIENT)
            domain.set_trusted_ca_db(os.environ["CA"])
            domain.set_credentials(os.environ["CERT"], os.environ["KEY"], None)
            domain.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
            options["ssl_domain"] = domain
        options["allowed_mechs"] = os.environ.get("MECHANISM", "EXTERNAL" if "CA" in os.environ else "PLAIN")
        connection = event.container.connect(self.url, **options)
        if self.what == "send":
            event.container.create_sender(connection, self.address, options=MODES[self.mode]())
        else:
            event.container.create_receiver(connection, self.address)

    def on_sendable(self, event):
        if self.sent:
            return
        self.sent = True
        with open(self.file, "rb") as source:
            event.sender.send(Message(body=source.read(), inferred=True))
        say("sent")
        if self.mode == "settled":
            event.sender.close()
            event.connection.close()

    def over(self, event, word):
        say(word)
        if self.mode == "second":
            event.delivery.settle()
        event.connection.close()

    def on_accepted(self, event):
        self.over(event, "accepted")

    def on_rejected(self, event):
        condition = event.delivery.remote.condition
        self.over(event, "rejected %s" % (condition.description if condition else ""))

    def on_released(self, event):
        self.over(event, "released")

    def on_link_opened(self, event):
        say("attached")

    def on_link_error(self, event):
        say("refused", event.link.remote_condition.name)
        event.connection.close()

    def on_transport_error(self, event):
        say("failed", event.transport.condition.name)
        event.connection and event.connection.close()

    def on_message(self, event):
        body = event.message.body
        say("heard", bytes(body).hex())
        self.accept(event.delivery)
        event.receiver.close()
        event.connection.close()


Container(Peer(*sys.argv[1:])).run()
