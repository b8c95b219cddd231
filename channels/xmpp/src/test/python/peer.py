"""A meter by slixmpp (Debian's python3-slixmpp), which knows nothing of our code. It says what becomes of it, a line each.

peer.py PORT CA ACCOUNT PASSWORD send FILE        a secured message to the office
peer.py PORT CA ACCOUNT PASSWORD publish FILE     the same as an item of the publish-subscribe node
peer.py PORT CA ACCOUNT PASSWORD listen FILE      says that it is there, with FILE for a will; waits for an order
peer.py PORT CA ACCOUNT PASSWORD away FILE        the same, and that it is about to go
peer.py PORT CA ACCOUNT PASSWORD leave FILE       the same, takes its leave when a line comes
peer.py PORT CA ACCOUNT PASSWORD speak JID        a question, a message and a subscription to somebody else
"""
import asyncio
import base64
import ssl
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

DOMAIN = "meters.example"
OFFICE = "office." + DOMAIN
OURS = "urn:gridwarden:xmpp:1"
port, ca, account, password, mode, what = sys.argv[1:7]


def say(*words):
    print(*words, flush=True)


def ours(name, file):
    element = ET.Element("{%s}%s" % (OURS, name))
    with open(file, "rb") as message:
        element.text = base64.b64encode(message.read()).decode()
    return element


class Meter(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__("%s@%s/slixmpp" % (account, DOMAIN), password)
        self.register_plugin("xep_0060")
        self.register_plugin("xep_0199")
        self.ssl_version = ssl.PROTOCOL_TLS_CLIENT
        self.ca_certs = ca
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("failed_auth", self.refused)
        self.add_event_handler("message", self.heard)
        self.add_event_handler("presence", self.heard)
        self.register_handler(Callback("question", StanzaPath("iq@type=get/ping"), self.heard))
        self.register_handler(Callback("order", StanzaPath("iq@type=set"), self.order))

    def heard(self, stanza):
        if stanza["from"].domain == DOMAIN and stanza["type"] != "error":
            say("heard", stanza["from"])

    def refused(self, _):
        say("refused")
        self.abort()

    def order(self, iq):
        element = iq.xml.find("{%s}secured" % OURS)
        if iq["from"] == OFFICE and element is not None:
            say("order", element.text)
            iq.reply().send()

    async def ask(self, to, element, kind="set"):
        iq = self.make_iq(ito=to, itype=kind)
        iq.append(element)
        try:
            answer = await iq.send(timeout=60)
            say("answer", answer.xml[0].tag.split("}")[1] if len(answer.xml) else "nothing")
        except IqError as e:
            say("error", e.iq["error"]["type"], e.iq["error"]["condition"])

    async def begin(self, _):
        say("in")
        if mode == "send":
            await self.ask(OFFICE, ours("secured", what))
        elif mode == "publish":
            answer = await self["xep_0060"].publish(
                "pubsub." + DOMAIN, "gridwarden", payload=ours("secured", what))
            say("published", answer["type"])
        elif mode == "speak":
            await self.ask(what, ET.Element("{urn:xmpp:ping}ping"), "get")
            self.send_message(mto=what, mbody="hello")
            self.send_presence(pto=what, ptype="subscribe")
            # its answer says that what went before has been dealt with
            await self.ask(OFFICE, ET.Element("{urn:xmpp:ping}ping"), "get")
        else:
            presence = self.make_presence(pto=OFFICE, pshow="xa" if mode == "away" else None)
            presence.append(ours("will", what))
            presence.send()
            # the office has dealt with the presence before it answers this
            await self.ask(OFFICE, ET.Element("{urn:xmpp:ping}ping"), "get")
            say("there")
            if mode == "leave":
                await asyncio.get_event_loop().run_in_executor(None, sys.stdin.readline)
                bye = self.make_presence(pto=OFFICE, ptype="unavailable")
                bye.append(ET.Element("{%s}leave" % OURS))
                bye.send()
            else:
                return
        await self.disconnect()


meter = Meter()
meter.connect(("127.0.0.1", int(port)))
meter.process(forever=False)
