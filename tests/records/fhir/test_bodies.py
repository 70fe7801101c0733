"""JSON in and out: nothing is lost, nothing doubtful gets in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.records.fhir.services.bodies import BadJson, dump, parse

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
numbers = st.integers(-(2**53), 2**53) | st.from_regex(r"-?(0|[1-9][0-9]{0,8})\.[0-9]{1,9}", fullmatch=True).map(float)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 1]), st.booleans())
def test_what_goes_in_comes_out(value, indent, ascii_only):
    assert parse(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()) == value
    assert json.loads(dump(parse(json.dumps(value).encode()))) == value


@pytest.mark.parametrize("literal", ["1.50", "0.10", "1e3", "-0.00", "3.4721501282028187123", "1E-7", "100"])
def test_a_number_stays_as_it_was_written(literal):
    assert dump(parse(f'{{"value": {literal}}}'.encode())) == f'{{"value":{literal}}}'.encode()


@given(st.dictionaries(texts, st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 4), st.booleans())
def test_a_doubled_key_is_refused_however_it_is_written(found, number, escaped):
    key = list(found)[number % len(found)]
    again = json.dumps(key, ensure_ascii=escaped)
    text = json.dumps(found)[:-1] + f', {again} :  ": tricky \\u0022" }}'
    with pytest.raises(BadJson, match="stands twice"):
        parse(text.encode())


@pytest.mark.parametrize("text", ['{"a": ":b"}', '{"a": "\\"b\\": 1"}', '{"a" : "\\u0022"}', '{"a": "\\\\u0000"}'])
def test_what_only_looks_doubtful_is_accepted(text):
    assert dump(parse(text.encode())) == dump(json.loads(text))
