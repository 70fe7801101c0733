"""An SMTP server for the tests (aiosmtpd): `later@` gets 451, `never@` gets 550, `cut@` dies after taking the mail."""

import json
import os
import signal
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller

port, journal = int(sys.argv[1]), Path(sys.argv[2])


class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@"):
            return "451 try later"
        if address.startswith("never@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        facts = {
            "to": envelope.rcpt_tos,
            "subject": mail["Subject"],
            "id": mail["Message-ID"],
            "text": mail.get_content(),
        }
        with journal.open("a") as file:
            file.write(json.dumps(facts) + "\n")
        if envelope.rcpt_tos[0].startswith("cut@"):
            os.kill(os.getpid(), signal.SIGKILL)
        return "250 OK"


Controller(Keep(), hostname="127.0.0.1", port=port).start()
print("ready", flush=True)
threading.Event().wait()
