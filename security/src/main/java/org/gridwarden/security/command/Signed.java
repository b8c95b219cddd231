package org.gridwarden.security.command;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

/**
 * A payload under an ECDSA signature: COSE_Sign1 (RFC 9052, clause 4.2) with ES256 (RFC 9053,
 * clause 2.1), the signature as raw r and s. Immutable.
 */
public final class Signed {
  /** How long a key's id is, in bytes. */
  public static final int KEY_ID = 8;

  private static final int TAG = 18;
  private static final int ALGORITHM = 1;
  private static final int KID = 4;
  private static final int ES256 = -7;
  private static final int SIGNATURE = 64;

  private final byte[] keyId;
  private final byte[] payload;
  private final byte[] signature;

  private Signed(byte[] keyId, byte[] payload, byte[] signature) {
    this.keyId = keyId;
    this.payload = payload;
    this.signature = signature;
  }

  /** A key's id: the first 8 bytes of SHA-256 over its SubjectPublicKeyInfo. */
  public static byte[] keyId(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return Arrays.copyOf(hash, KEY_ID);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  /**
   * What is signed: the Sig_structure (clause 4.4). A browser or a token gets these bytes.
   *
   * @param purpose what the payload is, so that no order can pass for a receipt
   */
  public static byte[] toBeSigned(Purpose purpose, byte[] keyId, byte[] payload) {
    return Cbor.write(out -> {
      out.writeStartArray(null, 4);
      out.writeString("Signature1");
      out.writeBinary(header(keyId));
      out.writeBinary(purpose.bytes());
      out.writeBinary(payload);
      out.writeEndArray();
    });
  }

  /**
   * Puts a signature to its payload, and checks it.
   *
   * @param signature r and s, 32 bytes each
   * @throws CommandException where it is not by that key over these bytes
   */
  public static Signed of(Purpose purpose, PublicKey key, byte[] payload, byte[] signature)
      throws CommandException {
    Signed signed = new Signed(keyId(key), payload.clone(), signature.clone());
    signed.check(purpose, key);
    return signed;
  }

  /** Signs. */
  public static Signed sign(Purpose purpose, Signer signer, byte[] payload)
      throws CommandException {
    byte[] signature = signer.sign(toBeSigned(purpose, keyId(signer.publicKey()), payload));
    return of(purpose, signer.publicKey(), payload, signature);
  }

  /** The COSE_Sign1 message. */
  public byte[] bytes() {
    return Cbor.write(out -> {
      Cbor.tag(out, TAG);
      out.writeStartArray(null, 4);
      out.writeBinary(header(keyId));
      out.writeStartObject(null, 0);
      out.writeEndObject();
      out.writeBinary(payload);
      out.writeBinary(signature);
      out.writeEndArray();
    });
  }

  /**
   * The message that bytes are. Nothing is verified yet.
   *
   * @throws CommandException where they are none
   */
  public static Signed parse(byte[] bytes) throws CommandException {
    return Cbor.read(
        bytes,
        in -> {
          in.array(TAG);
          byte[] header = in.bytes("the protected header");
          in.map();
          in.endMap();
          byte[] payload = in.bytes("the payload");
          byte[] signature = in.bytes("the signature", SIGNATURE);
          in.end();
          byte[] keyId =
              Cbor.read(
                  header,
                  map -> {
                    map.map();
                    map.key(ALGORITHM);
                    if (map.number("the algorithm") != ES256) {
                      throw new CommandException("it is not signed with ES256");
                    }
                    map.key(KID);
                    byte[] id = map.bytes("the key's id", KEY_ID);
                    map.endMap();
                    return id;
                  });
          if (!Arrays.equals(header, header(keyId))) {
            throw new CommandException("the header is not written in the one way");
          }
          return new Signed(keyId, payload, signature);
        });
  }

  /** Which key signed, as it says. */
  public byte[] keyId() {
    return keyId.clone();
  }

  /**
   * The payload.
   *
   * @throws CommandException where the signature is not by that key
   */
  public byte[] open(Purpose purpose, PublicKey key) throws CommandException {
    check(purpose, key);
    return payload.clone();
  }

  /** The payload, unverified: to find out whose key it wants. */
  public byte[] unverified() {
    return payload.clone();
  }

  private void check(Purpose purpose, PublicKey key) throws CommandException {
    if (signature.length != SIGNATURE
        || !(key instanceof ECPublicKey ec)
        || ec.getParams().getOrder().bitLength() != 256
        || !MessageDigest.isEqual(keyId, keyId(key))) {
      throw forged();
    }
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(key);
      verifier.update(toBeSigned(purpose, keyId, payload));
      if (!verifier.verify(signature)) {
        throw forged();
      }
    } catch (GeneralSecurityException e) {
      throw forged();
    }
  }

  private static CommandException forged() {
    return new CommandException("the signature is not by this key over these bytes");
  }

  private static byte[] header(byte[] keyId) {
    return Cbor.write(out -> {
      out.writeStartObject(null, 2);
      out.writePropertyId(ALGORITHM);
      out.writeNumber(ES256);
      out.writePropertyId(KID);
      out.writeBinary(keyId);
      out.writeEndObject();
    });
  }
}
