"""200 planted secrets are found nowhere: not in the spool's files, not in PostgreSQL, not in the log. What is compressed is
unpacked first, and a marker that is no secret must be found in every place, or the search itself is broken."""
import binascii
import ctypes
import ctypes.util
import json
import pathlib
import random
import re
import subprocess

from tests.e2e.records import session_of, settings
from tests.e2e.wire import Wire, envelope, new_id
from tests.fixture import process
from tests.fixture.postgres import as_postgres, binaries

FRAME = b"\x28\xb5\x2f\xfd"
NAMES = ["password", "passwd", "secret", "api_key", "apiKey", "X-Api-Key", "auth", "authorization", "credentials", "private_key",
         "access_token", "mysql_pwd", "corp_code"]
WORDS = random.Random(20260501)


def noise(length=20):
    return "".join(WORDS.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(length))


def luhn_card():
    digits = [4] + [WORDS.randrange(10) for _ in range(14)]
    total = sum(sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def shapes():
    """(text with the secret in it, the secret) of each shape that is known without a name."""
    card, token, password, key = luhn_card(), noise(24), noise(12), noise(40)
    pem = f"-----BEGIN PRIVATE KEY-----\n{key}\n{noise(40)}\n-----END PRIVATE KEY-----"
    return [(f"paid with {card} today", card), (f"Authorization: Bearer {token} sent", token),
            (f"postgres://app:{password}@db.example/shop", password), (f"key {pem} end", key)]


class Planter:
    def __init__(self):
        self.secrets = []

    def named(self, prefix=""):
        """An object whose every value is a secret, by its name."""
        out = {}
        for name in NAMES:
            out[prefix + name] = noise()
            self.secrets.append(out[prefix + name])
        return out

    def texts(self):
        """Texts that hold a secret of a known shape, and something that is none."""
        out = []
        for text, secret in shapes():
            self.secrets.append(secret)
            out.append(text)
        return out

    def text(self):
        """One after the other of the shapes."""
        text, secret = shapes()[len(self.secrets) % 4]
        self.secrets.append(secret)
        return text


def planted_event(plant, marker):
    frame = {"filename": "app.py", "function": "run", "lineno": 1, "in_app": True, "vars": {**plant.named(), "deep": [plant.named()]}}
    crumbs = [{"message": text, "data": {"note": text}} for text in plant.texts()]
    values = [{"type": "Error", "value": text, "stacktrace": {"frames": [frame]}} for text in plant.texts()]
    query = "&".join(f"{name}={value}" for name, value in plant.named().items())
    cookies = {"sessionid": noise(), "csrftoken": noise()}
    plant.secrets += cookies.values()
    return {
        "platform": "python", "exception": {"values": values}, "breadcrumbs": crumbs, "extra": {**plant.named(), "marker": marker},
        "contexts": {"shop": {**plant.named(), "lines": plant.texts()}}, "tags": {"corp_code": plant.named()["corp_code"]},
        "logentry": {"message": plant.text(), "params": plant.texts()}, "server_name": "web-1",
        "request": {"url": f"https://shop.example/pay?{query}", "method": "POST", "data": {"form": plant.named()},
                    "headers": plant.named("X-My-"), "cookies": cookies, "env": plant.named(),
                    "query_string": "&".join(f"{name}={value}" for name, value in plant.named().items())},
        "user": {"id": "7", "data": plant.named()}, "debug": {"unknown": plant.named()},
    }


def send_all(wire, plant, marker):
    ids = [new_id(), new_id(), new_id()]
    report = {"event_id": ids[0], "name": "Ann", "email": "ann@example.com", "comments": marker + " ".join(plant.texts())}
    feedback = {"event_id": ids[1], "contexts": {"feedback": {"message": marker + " ".join(plant.texts())}}, "extra": plant.named()}
    discards = {"discarded_events": [{"reason": text, "category": "error", "quantity": 1} for text in plant.texts()]}
    config = {"schedule": {"type": "crontab", "value": "0 * * * *"}, **plant.named()}
    check = {"monitor_slug": "nightly", "status": "ok", "monitor_config": config, **plant.named()}
    session = {**session_of(new_id()), **plant.named()}
    attachment = {"type": "attachment", "length": 4, "filename": f"log {luhn_card()}.txt"}
    plant.secrets.append(attachment["filename"].split()[1][:-4])
    answers = [
        wire.post(envelope(({"type": "event"}, planted_event(plant, marker)), ({"type": "user_report"}, report),
                           ({"type": "client_report"}, discards), (attachment, b"file"), header={"event_id": ids[0]})),
        wire.post(envelope(({"type": "feedback"}, feedback), header={"event_id": ids[1]})),
        wire.post(envelope(({"type": "check_in"}, check), ({"type": "session"}, session))),
        wire.store({"event_id": ids[2], "message": plant.text(), "extra": plant.named()}),
        # Refused ones must not end up in the log either.
        wire.post(envelope(({"type": "event"}, b'{"password": "%s", ' % plant.named()["password"].encode()), header={})),
        wire.post(b'{"dsn":"http://%s:%s@h/1"}\n{"type":"event"}\n{}' % (b"f" * 32, plant.named()["secret"].encode())),
    ]
    assert [a.status for a in answers[:4]] == [200] * 4, [(a.status, a.body) for a in answers]
    assert all(a.status >= 400 for a in answers[4:]), [a.status for a in answers]
    return ids


class Unpacker:
    """What the zstd frames within some bytes say."""

    def __init__(self, dictionary):
        self.zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
        for name in ("ZSTD_findFrameCompressedSize", "ZSTD_decompress_usingDict"):
            getattr(self.zstd, name).restype = ctypes.c_size_t
        self.zstd.ZSTD_createDCtx.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.zstd.ZSTD_createDCtx())
        self.dictionary = dictionary

    def frames(self, data):
        out = []
        for found in re.finditer(re.escape(FRAME), data):
            frame = data[found.start():]
            size = self.zstd.ZSTD_findFrameCompressedSize(frame, ctypes.c_size_t(len(frame)))
            if size > len(frame):
                continue
            room = ctypes.create_string_buffer(4 << 20)
            got = self.zstd.ZSTD_decompress_usingDict(self.context, room, ctypes.c_size_t(4 << 20), frame[:size], ctypes.c_size_t(size),
                                                      self.dictionary, ctypes.c_size_t(len(self.dictionary)))
            if got <= 4 << 20:
                out.append(room.raw[:got])
        return b"\n".join(out)


def places(wire, unpacker):
    """Everything that was written down, by place; packed things unpacked beside it."""
    spool = b"".join(p.read_bytes() for p in (wire.server.data_dir / "spool").rglob("*") if p.is_file())
    dump = subprocess.run([*as_postgres(), str(binaries() / "pg_dump"), "-h", str(wire.postgres.home), "-U", "mishap", "mishap"],
                          check=True, capture_output=True, cwd="/").stdout
    stored = b"".join(binascii.unhexlify(m) for m in re.findall(rb"\\\\x([0-9a-f]{16,})", dump) if len(m) % 2 == 0)
    log = wire.server.log_path.read_bytes() + (wire.postgres.home / "log").read_bytes()
    return {"spool": spool + unpacker.frames(spool), "database": dump + unpacker.frames(stored), "log": log}


def planted_secrets_are_nowhere():
    """200 secrets in events, feedback, reports, check-ins, sessions and names: not in spool, database, log."""
    dictionary = (pathlib.Path(__file__).resolve().parents[2] / "event/starter.dict").read_bytes()
    with Wire() as wire:
        settings(wire, "project", {"sensitive_fields": ["corp_code"]})

        def own_rule_is_known():
            event = wire.kept({"message": "m", "extra": {"corp_code": "visible until known"}})
            return event["extra"]["corp_code"] == "[Filtered]"
        process.wait_until(own_rule_is_known, 20, "the project's own rule")
        plant, marker = Planter(), noise(30)
        ids = send_all(wire, plant, marker)
        process.wait_until(lambda: wire.is_stored(ids[0]) and wire.is_stored(ids[2]), 20, "the events")
        process.wait_until(lambda: wire.postgres.number("select count(*) from tenant.feedback") == 2, 20, "the feedback")
        assert len(plant.secrets) >= 200 and len(set(plant.secrets)) == len(plant.secrets), len(plant.secrets)
        found = places(wire, Unpacker(dictionary))
        for place in ("spool", "database"):
            assert marker.encode() in found[place], f"the marker is not in the {place}: the search sees nothing"
        leaks = sorted({(place, secret) for place, data in found.items() for secret in plant.secrets if secret.encode() in data})
        assert not leaks, f"{len(leaks)} of {len(plant.secrets)} leaked: {leaks[:10]} in\n" + context_of(found, leaks)
        print(f"  {len(plant.secrets)} secrets, " + ", ".join(f"{place} {len(data)} bytes" for place, data in found.items()))


def context_of(found, leaks):
    """A little text around the first leaks, to see which field it was."""
    out = []
    for place, secret in leaks[:10]:
        at = found[place].index(secret.encode())
        out.append(f"{place}: {found[place][max(0, at - 80):at + len(secret) + 20]!r}")
    return "\n".join(out)


def project_rules_switch():
    """Safe fields stay, the default rules can be switched off, own names still count."""
    with Wire() as wire:
        settings(wire, "project", {"safe_fields": ["auth_method"], "sensitive_fields": ["corp_code"]})

        def safe_is_known():
            return wire.kept({"message": "m", "extra": {"auth_method": "totp"}})["extra"]["auth_method"] == "totp"
        process.wait_until(safe_is_known, 20, "the safe field")
        extra = {"auth_method": "totp", "password": "p", "corp_code": "c"}
        got = wire.kept({"message": "m", "extra": extra})["extra"]
        assert got == {"auth_method": "totp", "password": "[Filtered]", "corp_code": "[Filtered]"}, got
        settings(wire, "project", {"scrub_data": False, "scrub_ip_addresses": True})

        def off_is_known():
            event = wire.kept({"message": "m", "extra": extra, "user": {"id": "1", "ip_address": "203.0.113.9"}})
            return json.dumps(event["extra"]) if event["extra"]["password"] == "p" else None
        got = json.loads(process.wait_until(off_is_known, 20, "the switch"))
        assert got["corp_code"] == "[Filtered]", got
        event = wire.kept({"message": "m", "user": {"id": "1", "ip_address": "203.0.113.9"}})
        assert "ip_address" not in event["user"], event["user"]


TESTS = [planted_secrets_are_nowhere, project_rules_switch]
