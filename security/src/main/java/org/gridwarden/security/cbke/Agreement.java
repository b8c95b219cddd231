package org.gridwarden.security.cbke;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.agreement.ECMQVBasicAgreement;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.MQVPrivateParameters;
import org.bouncycastle.crypto.params.MQVPublicParameters;

/**
 * What two devices have agreed upon: a link key, and how each proves that it has it (07-5356,
 * clauses C.4.2.4 to C.4.2.6): the secret of ECMQV, through the key derivation of X9.63 with
 * AES-MMO, is a key for the proofs and the link key. Prints no secret. Immutable.
 */
public final class Agreement {
  private static final int KEY = 16;
  private static final byte INITIATOR = 0x02;
  private static final byte RESPONDER = 0x03;

  private final byte[] proving;
  private final byte[] link;
  private final Side initiator;
  private final Side responder;

  /** Who it is, and its ephemeral key. */
  @SuppressWarnings("ArrayRecordComponent") // stays here
  private record Side(long name, byte[] ephemeral) {}

  private Agreement(byte[] secret, Side initiator, Side responder) {
    this.proving = derived(secret, 1);
    this.link = derived(secret, 2);
    this.initiator = initiator;
    this.responder = responder;
  }

  /**
   * Agrees, as who began the exchange.
   *
   * @param partner its certificate
   * @param its the partner's ephemeral public key, compressed
   * @throws CbkeException where certificate or key are none
   */
  public static Agreement asInitiator(
      CbkeIdentity own, Ephemeral ephemeral, ImplicitCertificate partner, byte[] its)
      throws CbkeException {
    return new Agreement(
        secret(own, ephemeral, partner, its), own(own, ephemeral), partner(partner, its));
  }

  /** The same as who was asked. */
  public static Agreement asResponder(
      CbkeIdentity own, Ephemeral ephemeral, ImplicitCertificate partner, byte[] its)
      throws CbkeException {
    return new Agreement(
        secret(own, ephemeral, partner, its), partner(partner, its), own(own, ephemeral));
  }

  private static Side own(CbkeIdentity own, Ephemeral ephemeral) {
    return new Side(own.certificate().subject(), ephemeral.point());
  }

  private static Side partner(ImplicitCertificate partner, byte[] its) {
    return new Side(partner.subject(), its.clone());
  }

  /** Z of ECMQV (SEC 1, clause 3.4), as long as a field element. */
  static byte[] secret(
      CbkeIdentity own, Ephemeral ephemeral, ImplicitCertificate partner, byte[] its)
      throws CbkeException {
    Suite suite = own.suite();
    if (ephemeral.suite() != suite || partner.suite() != suite) {
      throw new CbkeException(Refusal.UNSUPPORTED_SUITE, "both are of suite " + suite.number());
    }
    ECMQVBasicAgreement mqv = new ECMQVBasicAgreement();
    mqv.init(
        new MQVPrivateParameters(
            new ECPrivateKeyParameters(own.key(), suite.domain()),
            new ECPrivateKeyParameters(ephemeral.key(), suite.domain())));
    try {
      BigInteger agreed =
          mqv.calculateAgreement(
              new MQVPublicParameters(
                  new ECPublicKeyParameters(
                      partner.publicPoint(suite.point(own.authority())), suite.domain()),
                  new ECPublicKeyParameters(suite.point(its), suite.domain())));
      return suite.bytes(agreed);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CbkeException(Refusal.BAD_MESSAGE, "no key follows from what it sent");
    }
  }

  private static byte[] derived(byte[] secret, int counter) {
    return MmoHash.of(ByteBuffer.allocate(secret.length + 4).put(secret).putInt(counter).array());
  }

  private byte[] proof(byte who, Side first, Side second) {
    ByteBuffer text = ByteBuffer.allocate(1 + 16 + 2 * first.ephemeral.length).put(who);
    text.putLong(first.name).putLong(second.name).put(first.ephemeral).put(second.ephemeral);
    return MmoHash.keyed(proving, text.array());
  }

  /** How who began proves that it has the key: 16 bytes. */
  public byte[] initiatorProof() {
    return proof(INITIATOR, initiator, responder);
  }

  /** How who was asked proves it: 16 bytes. */
  public byte[] responderProof() {
    return proof(RESPONDER, responder, initiator);
  }

  /**
   * Holds what a partner sent against what it should be, in constant time.
   *
   * @throws CbkeException BAD_KEY_CONFIRM where it is another one: its certificate is not its own,
   *     or not this authority's, or it sent an ephemeral key of somebody else's
   */
  public static void confirm(byte[] should, byte[] said) throws CbkeException {
    if (!MessageDigest.isEqual(should, said)) {
      throw new CbkeException(
          Refusal.BAD_KEY_CONFIRM,
          "it has not the key that its certificate gives: a copied or forged certificate, another"
              + " authority's, or a repeated exchange");
    }
  }

  /** The link key: 16 bytes, a copy. */
  public byte[] linkKey() {
    return Arrays.copyOf(link, KEY);
  }

  @Override
  public String toString() {
    return "Agreement";
  }
}
