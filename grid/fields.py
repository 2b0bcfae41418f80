"""Fields for the forms of the desk, with the bounds of `grid.outside`: a page's date and number fit every column and
every reckoning behind it. The forms use these, never Django's own (`tests/security/test_one_reading.py`).
"""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from grid import outside
from grid.texts import Text

BIGGEST_COUNT: Final = 2**31 - 1  # what an IntegerField of a table holds


class SumField(forms.DecimalField):
    """A sum of money in yuan, to the 分. Twelve digits, so that its multiples and what several add up to fit the
    fourteen of a table."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **options)


class DayField(forms.DateField):
    """A date within the days of our calendars, chosen from the browser's own."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        read = super().to_python(value)
        try:
            return outside.in_our_days(read) if read else read
        except outside.Unreadable as error:
            raise forms.ValidationError(error.reason, code="invalid") from error


class CountField(forms.IntegerField):
    """A whole number, from 0 on if nothing else is said."""

    def __init__(self, *, min_value: int = 0, max_value: int = BIGGEST_COUNT, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **options)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what they are is looked at when they are taken."""

    def __init__(self, *, label: Text, accept: str, help_text: Text, required: bool = True) -> None:
        widget = ManyFiles(attrs={"accept": accept})
        super().__init__(label=label, help_text=help_text, required=required, widget=widget)

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[bytes]]:
        given: list[object] = data if isinstance(data, list) else [data]
        found = [file for file in given if isinstance(file, UploadedFile)]
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found


def long_text(label: Text, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A box of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def choice_in(form: forms.Form, name: str) -> forms.ChoiceField:
    """The field of a form that is given its choices when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
