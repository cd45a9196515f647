"""What a stranger may type, and what a browser would never send."""

from __future__ import annotations

#: A log line that is not ours, to be looked for.
FORGED = "time=2001-01-01T00:00:00.000Z level=info message=forged"

#: Typed into one field at a time.
TEXTS = {
    "empty": "",
    "blank": " \t\u2003\u200b ",
    "too long": "a" * 70_000,
    "10,000 digits": "9" * 10_000,
    "a negative number": "-1",
    "a huge number": "99999999999999999999999999",
    "no number": "1e9999NaN",
    "NUL": "a\0b",
    "CRLF": f"x\r\nSet-Cookie: injected=1\r\n\r\n{FORGED}\r\n",
    "controls": "a\x1b[31m\x07\x08\x7f\u0085\u2028\u2029b",
    "bidi": "\u202e\u2066evil\u2069\u202c\u200f",
    "a tag": '<parley-probe onclick="window.hacked=1">',
    "a script": "</textarea></title><script>window.hacked=1</script>",
    "an attribute": "\"'><img src=x onerror=window.hacked=1 parley-probe=1 ",
    "an attribute with a mark": "\"\u0301 parley-probe=1 autofocus onfocus=window.hacked=1 x=\"",
    "a script's address": "javascript:window.hacked=1",
    "SQL": "' OR 1=1; DROP TABLE user; --",
    "SQL in quotes": "\" UNION SELECT passwordHash FROM user --",
    "a template": "{{#user}}{{{csrf}}}{{/user}}${7*7}#{7*7}<%= 7*7 %>",
    "a format": "%s%n%x%@%d",
    "percent signs": "%00%0d%0a%u0000%",
    "a path": "../../../../etc/passwd",
    "another site": "//evil.example/\\evil.example",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3f3\ufe0f\u200d\U0001f308",
    "stacked marks": "Z" + "\u0300" * 500,
    "look-alikes": "\u0430dm\u0456n",
    "full width": "\uff41\uff44\uff4d\uff49\uff4e",
    "an address with a plus": "titania+spam@example.com",
    "an address in quotes": '"tita nia"@example.com',
    "an address of another script": "titania@b\u00fccher.example",
    "an address of two": "a@example.com,b@example.com",
    "a noncharacter": "\ufffe\U0010ffff",
}

#: Whole bodies, with what a field has before and after the equals sign: {name}.
BODIES = {
    "bytes that are no UTF-8": b"{name}=%FF%FE",
    "overlong UTF-8": b"{name}=%C0%AF%E0%80%AF",
    "a surrogate": b"{name}=%ED%A0%80",
    "raw bytes": b"{name}=\xff\xfe\x00",
    "a broken percent sign": b"{name}=%zz%1",
    "duplicates": b"{name}=first&{name}=second&{name}=",
    "an array": b"{name}[]=1&{name}[a][b]=2&{name}.__proto__=3",
    "no name": b"=x&&&==&",
    "nothing": b"",
    "many fields": b"&".join(b"f%d=1" % number for number in range(5000)),
    "JSON": b'{"{name}": "x"}',
}
#: What kinds of body they may claim to be.
KINDS = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "text/plain",
    "application/x-www-form-urlencoded; charset=utf-16", "",
)
