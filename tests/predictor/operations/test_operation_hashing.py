from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction import FeatureHasher
from sklearn.utils import murmurhash3_32

from modelwright.predictor.operations import hashing
from modelwright.predictor.operations.hashing import bucket_of, murmur


@given(st.binary(max_size=40))
def test_bytes_have_the_hash_that_others_give_them(data):
    assert murmur(data) == murmurhash3_32(data)


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])), st.integers(1, 5000))
def test_a_token_falls_where_a_hasher_puts_it(token, buckets):
    made = FeatureHasher(buckets, input_type="string").transform([[token]]).tocoo()
    bucket, more = bucket_of(token, buckets)
    assert (int(made.coords[1][0]), made.data[0]) == (bucket, 1.0 if more else -1.0)


def test_the_least_hash_has_a_bucket(monkeypatch):
    monkeypatch.setattr(hashing, "murmur", lambda data: -(2**31))
    assert bucket_of("a", 1000) == ((2**31 - 1000) % 1000, False)
