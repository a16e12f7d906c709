"""The words for what few runs have to tell."""

from __future__ import annotations

import sys

from pip_archguard.model.doctor import DoctorForm
from pip_archguard.model.explanation import Explained
from pip_archguard.model.facts import FactsExported, FactsImported, FactsInfo, FactsPurged
from pip_archguard.model.shown import Answer, Diagnosis, MixedUseSeen, PasteAwaited, Remark
from pip_archguard.reports.doctor_json import doctor_document
from pip_archguard.reports.doctor_text import doctor_text
from pip_archguard.reports.explain_text import explain_text
from pip_archguard.reports.facts_text import facts_text
from pip_archguard.reports.mixed_text import mixed_sentence
from pip_archguard.reports.wording import visible


def answer_text(answer: Answer) -> str:
    """Return the result of a command of our own, without a final newline."""
    match answer:
        case Explained():
            return explain_text(answer)
        case Diagnosis(form=DoctorForm.TEXT):
            return doctor_text(answer)
        case Diagnosis():
            return doctor_document(answer)
        case FactsInfo() | FactsPurged() | FactsExported() | FactsImported():
            return facts_text(answer)


def remark_text(remark: Remark) -> str:
    """Return a remark, without a final newline."""
    match remark:
        case PasteAwaited():
            end = "Ctrl-Z and Return" if sys.platform == "win32" else "Ctrl-D"
            return f"paste the error message, then press {end} on a line of its own"
        case MixedUseSeen():
            filled_as = remark.mixed.filled_as
            sentence = mixed_sentence(remark.mixed, translated=remark.translated, whole=False)
            return (
                f"warning: mixed-use\n{sentence}\n\nhint: if that is not meant, start Python as "
                f"{filled_as}: `arch -{filled_as} {visible(remark.python)} -m pip_archguard …`"
            )
