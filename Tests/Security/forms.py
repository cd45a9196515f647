"""The forms of a page, as a browser reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

#: What is typed into these is never shown again.
SECRET_TYPES = {"password"}
#: Codes and tokens of ours, which a person does not type.
UNTOUCHED = {"csrf"}


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Whether what was typed has to be there again when it was refused."""
        return self.kind in ("text", "search", "email", "url", "textarea", "tel") and self.name not in UNTOUCHED


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def __getitem__(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)

    @property
    def values(self) -> dict[str, str]:
        return {each.name: each.value for each in self.fields}

    @property
    def attacked(self) -> list[Field]:
        """Each name once, whatever stands for it."""
        return list({each.name: each for each in self.fields if each.name not in UNTOUCHED}.values())


class Reader(HTMLParser):
    """Collects forms, what is said of errors, and anything that hostile text has become."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.form: Form | None = None
        self.area: Field | None = None
        self.select: Field | None = None
        self.telling = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "parley-probe" or any(name.startswith("on") or name == "parley-probe" for name in values):
            self.foreign.append(f"<{tag} {values}>")
        if values.get("href", "").lower().strip().startswith("javascript:"):
            self.foreign.append(f"a link to {values['href']}")
        kinds = values.get("class", "").split()
        if values.get("role") == "alert" or "field-error" in kinds:
            self.errors.append("")
            self.telling = 1
        elif self.telling:
            self.telling += 1
        if tag == "form":
            self.form = Form(urljoin(self.url, values.get("action", "")), values.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input":
            self.read_input(values)
        elif tag == "textarea":
            self.area = Field(values.get("name", ""), "textarea")
        elif tag == "select":
            self.select = Field(values.get("name", ""), "select")
        elif tag == "option" and self.select:
            self.select.choices.append(values.get("value", ""))
            if "selected" in values or not self.select.value:
                self.select.value = values.get("value", "")
        elif tag == "button" and values.get("name"):
            self.form.fields.append(Field(values["name"], "button", values.get("value", "")))

    def read_input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if not values.get("name") or kind in ("submit", "file"):
            return
        if kind in ("radio", "checkbox") and "checked" not in values:
            return
        # A code is typed anew each time, as a password is.
        if values.get("autocomplete") == "one-time-code":
            kind = "code"
        self.form.fields.append(Field(values["name"], kind, values.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area.value += data
        if self.telling and self.errors:
            self.errors[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if self.telling:
            self.telling -= 1
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area and self.form:
            # HTML drops the first line break behind the tag.
            self.area.value = self.area.value.removeprefix("\n")
            self.form.fields.append(self.area)
            self.area = None
        elif tag == "select" and self.select and self.form:
            self.form.fields.append(self.select)
            self.select = None


def read(url: str, html: str) -> Reader:
    reader = Reader(url)
    reader.feed(html)
    return reader
