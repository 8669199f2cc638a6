"""A document with every kind of block, and the texts that try to be markup in some format."""

from __future__ import annotations

from conference.papers.document import (
    Bullets,
    Change,
    Changes,
    Document,
    Entries,
    Entry,
    Heading,
    Mark,
    Note,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    Words,
    plain,
    strong,
)

WORDS = Words("inserted:", "deleted:", "Page {n} of {m}")
VERSION = "Version 7, made on Saturday 27 February 2021 at 10:00"

NASTY = (
    '#import "@preview/x:1.0.0": *',
    '#panic("x") #sys.inputs #read("/etc/passwd")',
    "= x",
    "- x",
    "+ x",
    "1. x",
    "12) x",
    "> x",
    "# x",
    "---",
    "===",
    "```x```",
    "*x* _x_ **x** ~~x~~ `x`",
    "<script>alert(1)</script> <b>x</b>",
    "&lt; &amp; &copy;",
    "[x](y) ![x](y) [^x] {x}",
    "$x$ @x ^x^ | x | y |",
    r"\ \\ \n \u{41} \* \"",
    'a " b "" c',
    '"); panic("x',
    "} ] ) // x /* x */",
    "x -- x --- x ... ~ x",
    "https://conference.example/x www.conference.example a@conference.example",
    "“curly” ‘quotes’ – — … £ € é Łódź naïve ąęßøñ",
)


def block_of(text: str) -> tuple:
    """Every kind of block with this text."""
    return (
        Heading(1, text),
        Paragraph(plain(text)),
        Paragraph(strong(text)),
        Note(plain(text)),
        Bullets((plain(text), plain("second"))),
        Quote((text, "second")),
        Changes((Change("Paragraph 1", (Run("before "), Run(text, Mark.DEL), Run(" after"))),)),
        Changes((Change("", (Run("before "), Run(text, Mark.INS), Run(" after"))),)),
        Table("", ("Head",), ((text,),)),
        Entries((Entry("10:00", (Paragraph(plain(text)), Quote((text,)))),)),
    )


def document(*blocks, title: str = "Minutes", subtitle: str = "A conference") -> Document:
    return Document(title, "A conference", subtitle, VERSION, 1_614_420_000_000, WORDS, blocks)


def everything() -> Document:
    return document(
        Heading(1, "Decisions"),
        Table("Results", ("Motion", "Result", "For"), (("One", "Carried", "12"), ("Two", "Lost", "3"))),
        Heading(2, "Motion 1"),
        Paragraph(strong("Carried.", "For 12.")),
        Note(plain("A note.")),
        Bullets((plain("one"), plain("two"))),
        Quote(("First paragraph.", "Second paragraph.")),
        Changes(
            (
                Change(
                    "Paragraph 2",
                    (
                        Run("We want"),
                        Run(" that", Mark.DEL),
                        Run(" this", Mark.INS),
                        Run("; now."),
                    ),
                ),
            )
        ),
        Rule(),
        Heading(1, "Opening"),
        Entries(
            (
                Entry("10:00", (Paragraph(plain("The chair opened.")),)),
                Entry("10:05", (Paragraph(plain("A vote.")), Quote(("The text.",)))),
            )
        ),
    )  # fmt: skip
