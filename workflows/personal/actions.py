"""What of the rooms here goes with a person who is forgotten: numbers, names of who was reached, texts of messages.

Files of cases are not touched: while their period of retention lasts nobody is forgotten (queries.py).
"""

from grid.calendar.now import now
from grid.subjects.models import Subject
from workflows.reminders.models import Contact, Message, Phone

FORGOTTEN = "已遗忘"


def delete_contacts(subject: Subject) -> int:
    """Empties what is encrypted, and takes the numbers out of use; the rows stay, so that acts still have their place."""
    phones = Phone.objects.filter(subject=subject)
    phones.filter(retired_at=None).update(retired_at=now(), retired_why=FORGOTTEN)
    gone = 0
    for phone in phones:
        # The fingerprint goes along: of a number it is the number itself to whoever tries them all.
        phone.number, phone.holder, phone.masked, phone.number_hash = (
            "",
            "",
            FORGOTTEN,
            f"forgotten-{phone.pk}",
        )
        phone.save(update_fields=["number", "holder", "masked", "number_hash"])
        gone += 1
    gone += Contact.objects.filter(case__subject=subject).update(whom="")
    return gone + Message.objects.filter(subject=subject).update(text="")
