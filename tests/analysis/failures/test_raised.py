"""Taking apart what Python printed of an exception."""

from engine.analysis.failures.raised import Frame, raised

TEXT = """Traceback (most recent call last):
  File "/home/me/train.py", line 7, in <module>
    main()
  File "/home/me/train.py", line 4, in main
    return F.linear(x, w)
           ^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/site-packages/torch/nn/functional.py", line 100, in linear
    raise RuntimeError(
RuntimeError: first: line
second line
"""


def test_type_message_and_the_scripts_frames() -> None:
    found = raised(TEXT)
    assert found is not None
    assert (found.type, found.message) == ("RuntimeError", "first: line\nsecond line")
    assert found.frames == (
        Frame("/home/me/train.py", 7, "main()"),
        Frame("/home/me/train.py", 4, "return F.linear(x, w)"),
    )


def test_of_a_chain_the_last() -> None:
    chain = f"{TEXT}\nDuring handling of the above exception, another exception occurred:\n\n" + TEXT.replace(
        "RuntimeError: first: line\nsecond line", "torch.cuda.OutOfMemoryError: too much"
    )
    found = raised(chain)
    assert found is not None
    assert (found.type, found.message) == ("OutOfMemoryError", "too much")


def test_an_exception_without_a_message() -> None:
    found = raised(
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    assert x\nAssertionError\n'
    )
    assert found is not None
    assert (found.type, found.message) == ("AssertionError", "")


def test_a_syntax_error_has_its_line() -> None:
    found = raised('  File "/home/me/a.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n')
    assert found is not None
    assert (found.type, found.frames) == ("SyntaxError", (Frame("/home/me/a.py", 3, "x = = 1"),))


def test_no_text_is_no_exception() -> None:
    assert raised("") is None
