"""Keys of a file: read again when it has changed, and kept while what stands there is none."""

import json
import os

import pytest
from joserfc.jwk import OKPKey

from docket_runtime.production import Unsafe
from docket_runtime.settings import DEVELOPMENT_KID, Settings
from ticket_api.auth.key_file import LOOK_S, KeyFile


def _key(kid):
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}).as_dict(private=False)


class Seconds:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [_key("first")]}))
    return path


def replace(file, text):
    beside = file.with_name("new")
    beside.write_text(text)
    os.replace(beside, file)


def kids(keys):
    return [key.kid for key in keys.current().keys]


def test_a_file_that_has_changed_is_read_again_within_a_second(file, seconds):
    keys = KeyFile(file, Settings(env="test"), now=seconds)
    known = keys.current()

    replace(file, json.dumps({"keys": [_key("first"), _key("second")]}))
    assert keys.current() is known
    seconds.now += LOOK_S

    assert kids(keys) == ["first", "second"]


def test_while_it_does_not_change_the_set_is_the_same(file, seconds):
    keys = KeyFile(file, Settings(env="test"), now=seconds)
    known = keys.current()
    seconds.now += LOOK_S
    assert keys.current() is known


@pytest.mark.parametrize("text", ["", '{"keys": [', '{"keys": []}', None])
def test_what_is_no_key_set_changes_nothing_and_the_next_one_counts(file, seconds, text):
    keys = KeyFile(file, Settings(env="test"), now=seconds)
    known = keys.current()

    replace(file, text) if text is not None else file.unlink()
    seconds.now += LOOK_S
    assert keys.current() is known

    replace(file, json.dumps({"keys": [_key("third")]}))
    seconds.now += LOOK_S
    assert kids(keys) == ["third"]


def test_keys_of_development_do_not_come_into_production_later(file, seconds):
    keys = KeyFile(file, Settings(env="prod"), now=seconds)
    replace(file, json.dumps({"keys": [_key(f"{DEVELOPMENT_KID}1")]}))
    seconds.now += LOOK_S
    assert kids(keys) == ["first"]

    with pytest.raises(Unsafe, match="DOCKET_ALLOW=development-keys"):
        KeyFile(file, Settings(env="prod"), now=seconds)
