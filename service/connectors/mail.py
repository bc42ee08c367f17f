"""Notifications by e-mail, over the mail server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from service.ports.messenger import Message, NotDeliveredError

SECONDS = 20.0
PERMANENT = 500
"""Replies from here on say that trying again will not help (RFC 5321, section 4.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Sends plain text through one mail server, as one sender."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str
    sender: str

    def send(self, message: Message, *, now: datetime) -> None:
        """Hand a message to the mail server. Raises NotDeliveredError."""
        try:
            mail = _mail(message, sender=self.sender, now=now)
            with self._connected() as server:
                server.send_message(mail)
        except ValueError as error:
            raise NotDeliveredError("the address is none", is_final=True) from error
        except smtplib.SMTPNotSupportedError as error:
            why = "the mail server does not take such an address, or no log-in"
            raise NotDeliveredError(why, is_final=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            code = max((reply[0] for reply in error.recipients.values()), default=0)
            why = f"the mail server refused the recipient ({code})"
            raise NotDeliveredError(why, is_final=code >= PERMANENT) from error
        except smtplib.SMTPResponseException as error:
            why = f"the mail server answered {error.smtp_code}"
            raise NotDeliveredError(why, is_final=error.smtp_code >= PERMANENT) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotDeliveredError(f"no mail server: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _mail(message: Message, *, sender: str, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.to_email
    # A name that somebody chose for themselves may hold a line break, which ends a header.
    mail["Subject"] = " ".join(f"Countersign: {message.text}".split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2] or 'countersign'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        f"{message.text}\n\n{message.link}\n\n"
        "Which notifications reach you by e-mail is set under My account.\n"
    )
    return mail
