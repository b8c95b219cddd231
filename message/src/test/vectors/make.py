#!/usr/bin/env python3
"""Makes the test vectors of secured messages by ADR 33 alone: another language, another CBOR, other ciphers.

    apt-get install python3-cbor2 python3-cryptography
    message/src/test/vectors/make.py > message/src/test/resources/org/gridwarden/message/vectors.json
    message/src/test/vectors/make.py --check     # exit 1 where the file holds anything else
"""
import hashlib
import hmac
import json
import pathlib
import sys

import cbor2
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

METER = "GW-0000001"
KEY_ID = b"7"
UP, DOWN = 0, 1
CONTROL, REQUEST, BILLING, USAGE, WARNING = 1, 2, 3, 4, 5
A128GCM, A256GCM, CHACHA20 = 1, 3, 24
JSON, CBOR, ETCH, DISPATCH, SIGNED, APDU = 110, 112, 322, 17, 18, 65000
LENGTH = {A128GCM: 16, A256GCM: 32, CHACHA20: 32}
MIDNIGHT = 1795647600  # 2026-11-26T00:00:00+01:00


def extract(key):
    return hmac.new(bytes(32), key, hashlib.sha256).digest()


def expand(prk, info, length):
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()[:length]


def vector(name, key, algorithm, direction, kind, form, counter, plaintext):
    prk = extract(key)

    def info(kind_of, length):
        return cbor2.dumps(
            ["gridwarden message 1", METER, KEY_ID, direction, algorithm, kind_of, length]
        )

    key_info, iv_info = info("Key", LENGTH[algorithm]), info("IV", 12)
    derived, iv = expand(prk, key_info, LENGTH[algorithm]), expand(prk, iv_info, 12)
    partial_iv = counter.to_bytes(max(1, (counter.bit_length() + 7) // 8), "big")
    nonce = bytes(a ^ b for a, b in zip(iv, partial_iv.rjust(12, b"\x00")))
    header = cbor2.dumps(
        {1: algorithm, 3: form, 4: KEY_ID, 6: partial_iv, 10: METER.encode(), -65537: kind}
    )
    external = cbor2.dumps(["gridwarden message", 1, METER, kind, direction])
    aad = cbor2.dumps(["Encrypt0", header, external])
    cipher = ChaCha20Poly1305(derived) if algorithm == CHACHA20 else AESGCM(derived)
    ciphertext = cipher.encrypt(nonce, plaintext, aad)
    message = cbor2.dumps(cbor2.CBORTag(16, [header, {}, ciphertext]))
    steps = {
        "key": key,
        "keyId": KEY_ID,
        "prk": prk,
        "keyInfo": key_info,
        "ivInfo": iv_info,
        "derivedKey": derived,
        "baseIv": iv,
        "partialIv": partial_iv,
        "nonce": nonce,
        "protected": header,
        "externalAad": external,
        "encStructure": aad,
        "plaintext": plaintext,
        "ciphertext": ciphertext,
        "message": message,
    }
    words = {
        "name": name,
        "meter": METER,
        "algorithm": algorithm,
        "direction": direction,
        "class": kind,
        "form": form,
        "counter": counter,
    }
    return words | {step: value.hex() for step, value in steps.items()}


def exact(mantissa, exponent):
    return cbor2.CBORTag(4, [exponent, mantissa])


# labels of RFC 8428, clause 6
BVER, BN, BT, BU, N, U, V, VS = -1, -2, -3, -4, 0, 1, 2, 3


def vectors():
    long_key = bytes(range(32))
    short_key = bytes(range(16))
    one = [{BVER: 26, BN: "1.29.0", BT: MIDNIGHT, BU: "Wh", V: 117, "bl_": 900}]
    three = [
        {BVER: 26, BT: MIDNIGHT + 900, N: "32.7.0", U: "V", V: exact(2301, -1)},
        {BN: "1.29.0", BT: MIDNIGHT, BU: "Wh", V: 117, "bl_": 900},
        {BN: "2.29.0", BT: MIDNIGHT, V: 0},
    ]
    day = [
        {
            BVER: 26,
            BN: "1.29.0",
            BT: MIDNIGHT,
            BU: "Wh",
            V: 100,
            "bl_": 900,
            "z_": "Europe/Berlin",
            "c_": 96,
        }
    ] + [{V: 100 + i} for i in range(1, 96)]
    day[40] = {V: 140, "q_": 1}
    day[41] = {V: 0, "q_": 0x80}
    billing = [
        {BVER: 26, BT: MIDNIGHT, N: "1.8.0", U: "Wh", V: exact(1234567, 1)},
        {N: "2.8.0", U: "Wh", V: 42},
    ]
    warning = [
        {
            BT: exact(MIDNIGHT * 1000 + 250, -3),
            N: "tamper.cover",
            VS: "The cover was opened",
            "id": bytes(range(16)),
            "sev": 3,
        }
    ]
    as_json = (
        '[{"bver":26,"bt":%d,"n":"1.8.0","u":"Wh","v":1234567e1},{"n":"2.8.0","u":"Wh","v":42}]'
        % MIDNIGHT
    )
    question = [{BT: MIDNIGHT, N: "99.1.0", "to_": MIDNIGHT + 86400}]
    c = cbor2.dumps
    return [
        vector("one value", long_key, A256GCM, UP, USAGE, CBOR, 0, c(one)),
        vector("three values", long_key, A256GCM, UP, USAGE, CBOR, 255, c(three)),
        vector("a day", long_key, A256GCM, UP, USAGE, CBOR, 256, c(day)),
        vector("three values, short key", short_key, A128GCM, UP, USAGE, CBOR, 65536, c(three)),
        vector("three values, ChaCha20", long_key, CHACHA20, UP, USAGE, CBOR, 2**31 + 5, c(three)),
        vector("registers", long_key, A256GCM, UP, BILLING, CBOR, 1, c(billing)),
        vector("registers in JSON", long_key, A256GCM, UP, BILLING, JSON, 2, as_json.encode()),
        vector("a warning", long_key, A256GCM, UP, WARNING, CBOR, 3, c(warning)),
        vector("a question", long_key, A256GCM, DOWN, REQUEST, ETCH, 2**32 - 1, c(question)),
        vector("an order", long_key, A256GCM, DOWN, CONTROL, DISPATCH, 0, b"\xd1\x84" + bytes(40)),
        vector("a receipt", long_key, A256GCM, UP, CONTROL, SIGNED, 4, b"\xd2\x84" + bytes(40)),
        vector("a DLMS APDU", long_key, A256GCM, UP, USAGE, APDU, 5, bytes.fromhex("0f4000000000")),
    ]


def main():
    text = json.dumps(vectors(), indent=1) + "\n"
    if "--check" in sys.argv:
        here = pathlib.Path(__file__).resolve().parents[1]
        kept = (here / "resources/org/gridwarden/message/vectors.json").read_text()
        if kept != text:
            sys.exit("the vectors are not those that this makes")
        print(len(vectors()), "vectors are the same")
    else:
        sys.stdout.write(text)


main()
