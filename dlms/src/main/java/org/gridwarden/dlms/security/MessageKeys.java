package org.gridwarden.dlms.security;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.KeyInfo;

/**
 * The keys that general-ciphering brings with a message (IEC 62056-5-3, clause 9.2.7.2.4.7): makes
 * them for what is sent, and finds them for what came. Thread-safe.
 */
final class MessageKeys {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecuritySuite suite;
  private final AsymmetricKeys pairs;

  MessageKeys(SecuritySuite suite, AsymmetricKeys pairs) {
    this.suite = suite;
    this.pairs = pairs;
  }

  /**
   * A key, and how the other side gets at it.
   *
   * @param key empty where it is a global one
   */
  @SuppressWarnings("ArrayRecordComponent") // only carried from one method to the next
  record Made(byte[] key, KeyInfo info) {}

  Made make(Carrier.GeneralCiphering how, GeneralHeader header, KeyGeneration keys)
      throws DlmsException {
    boolean agreed =
        how == Carrier.GeneralCiphering.ONE_PASS || how == Carrier.GeneralCiphering.STATIC;
    if (agreed && header.recipient().length() == 0) {
      throw new DlmsException(
          DlmsException.Kind.NO_KEY, 0, "an agreed key takes the other side's system title");
    }
    return switch (how) {
      case UNICAST -> new Made(new byte[0], new KeyInfo.Identified(false));
      case BROADCAST -> new Made(new byte[0], new KeyInfo.Identified(true));
      case WRAPPED -> {
        byte[] key = new byte[suite.keyLength()];
        RANDOM.nextBytes(key);
        yield new Made(key, new KeyInfo.Wrapped(OctetString.of(KeyWrap.wrap(keys.master(), key))));
      }
      case ONE_PASS -> onePass(header);
      case STATIC ->
          new Made(
              unified(header), new KeyInfo.Agreed(KeyInfo.Agreed.Scheme.STATIC, OctetString.of()));
    };
  }

  private Made onePass(GeneralHeader header) throws DlmsException {
    EllipticCurve curve = suite.requireCurve();
    KeyPair ephemeral = curve.generate();
    byte[] point = curve.encode((ECPublicKey) ephemeral.getPublic());
    byte[] signature = Signatures.sign(curve, pairs.requireSigning(), point);
    byte[] data = Arrays.copyOf(point, point.length + signature.length);
    System.arraycopy(signature, 0, data, point.length, signature.length);
    byte[] key =
        KeyAgreement.onePass(
            suite,
            (ECPrivateKey) ephemeral.getPrivate(),
            pairs.requirePeerAgreement(),
            header.originator().bytes(),
            header.recipient().bytes());
    return new Made(key, new KeyInfo.Agreed(KeyInfo.Agreed.Scheme.ONE_PASS, OctetString.of(data)));
  }

  private byte[] unified(GeneralHeader header) throws DlmsException {
    return KeyAgreement.staticUnified(
        suite,
        pairs.requireAgreement(),
        pairs.requirePeerAgreement(),
        header.originator().bytes(),
        header.transactionId().bytes(),
        header.recipient().bytes());
  }

  /** The key of a message that came; empty where it is a global one. */
  byte[] find(KeyInfo info, GeneralHeader header, KeyGeneration keys) throws DlmsException {
    return switch (info) {
      case KeyInfo.None _, KeyInfo.Identified _ -> new byte[0];
      case KeyInfo.Wrapped wrapped ->
          KeyWrap.unwrap(keys.master(), wrapped.wrapped().bytes(), suite.keyLength());
      case KeyInfo.Agreed agreed -> {
        if (header.recipient().length() == 0 || header.originator().length() == 0) {
          throw new DlmsException(
              DlmsException.Kind.MALFORMED, 0, "an agreed key takes both sides' system titles");
        }
        yield switch (agreed.scheme()) {
          case STATIC -> unified(header);
          case ONE_PASS -> theirOnePass(agreed.data().bytes(), header);
        };
      }
    };
  }

  private byte[] theirOnePass(byte[] data, GeneralHeader header) throws DlmsException {
    EllipticCurve curve = suite.requireCurve();
    int point = 2 * curve.fieldLength();
    if (data.length != 2 * point) {
      throw new DlmsException(
          DlmsException.Kind.MALFORMED,
          0,
          "one-pass Diffie-Hellman takes a public key and its signature, not " + data.length);
    }
    byte[] ephemeral = Arrays.copyOf(data, point);
    Signatures.require(
        curve, pairs.requirePeerSigning(), Arrays.copyOfRange(data, point, data.length), ephemeral);
    return KeyAgreement.onePass(
        suite,
        pairs.requireAgreement(),
        curve.publicKey(ephemeral),
        header.originator().bytes(),
        header.recipient().bytes());
  }

  /** The carrier with which a message is answered that came with this key-info. */
  static Carrier.GeneralCiphering answering(KeyInfo info) {
    return switch (info) {
      case KeyInfo.None _ -> Carrier.GeneralCiphering.UNICAST;
      case KeyInfo.Identified key ->
          key.broadcast() ? Carrier.GeneralCiphering.BROADCAST : Carrier.GeneralCiphering.UNICAST;
      case KeyInfo.Wrapped _ -> Carrier.GeneralCiphering.WRAPPED;
      case KeyInfo.Agreed agreed ->
          switch (agreed.scheme()) {
            case ONE_PASS -> Carrier.GeneralCiphering.ONE_PASS;
            case STATIC -> Carrier.GeneralCiphering.STATIC;
          };
    };
  }
}
