package org.gridwarden.security.thirdparty;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;

/**
 * An order under its operator's signature as a general-signing APDU (IEC 62056-5-3, clause
 * 9.2.7.2.5), in suite 1: ECDSA on P-256 with SHA-256. Immutable.
 *
 * <pre>
 * transaction-id           the command's id, 16 bytes: it grows with the time of its draft
 * originator-system-title  the operator's ({@link OperatorTitle})
 * recipient-system-title   the meter's
 * date-time                when it was signed, UTC
 * other-information        structure: version 1, the id, the meter's name, not-before, expiry
 * content                  the request ({@link StandardRequest})
 * signature                r and s, over all of the above with their lengths
 * </pre>
 */
public final class GeneralSigned {
  private static final int TAG = 0xDF;
  private static final int SIGNATURE = 64;
  private static final int ID = 16;
  private static final int VERSION = 1;
  private static final int LONGEST_NAME = 64;

  private final Parts parts;

  /** The APDU's parts, in their order. */
  @SuppressWarnings("ArrayRecordComponent") // never leaves this class and SignedAnswer
  record Parts(
      byte[] transaction,
      byte[] originator,
      byte[] recipient,
      byte[] time,
      byte[] other,
      byte[] content,
      byte[] signature) {
    byte[] toBeSigned() {
      return new Octets.Out()
          .octets(transaction)
          .octets(originator)
          .octets(recipient)
          .octets(time)
          .octets(other)
          .octets(content)
          .bytes();
    }

    byte[] bytes() {
      return new Octets.Out().raw(TAG).raw(toBeSigned()).octets(signature).bytes();
    }

    static Parts parse(byte[] bytes) throws CommandException {
      Octets.In in = new Octets.In(bytes);
      if (in.raw("the tag") != TAG) {
        throw new CommandException("it is no general-signing");
      }
      Parts parts =
          new Parts(
              in.octets("the transaction id", ID),
              in.octets("the originator's title", OperatorTitle.LENGTH),
              in.octets("the recipient's title", OperatorTitle.LENGTH),
              in.octets("the time", DlmsTime.LENGTH),
              in.octets("the other information"),
              in.octets("the content"),
              in.octets("the signature", SIGNATURE));
      in.end();
      return parts;
    }

    void check(PublicKey key) throws CommandException {
      boolean genuine;
      try {
        Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(toBeSigned());
        genuine =
            key instanceof ECPublicKey ec
                && ec.getParams().getOrder().bitLength() == 256
                && verifier.verify(signature);
      } catch (GeneralSecurityException e) {
        genuine = false;
      }
      if (!genuine) {
        throw new CommandException("the signature is not by this key over these bytes");
      }
    }
  }

  private GeneralSigned(Parts parts) {
    this.parts = parts;
  }

  /** Whether a signed order is of this form, rather than COSE. Nothing else is said of it. */
  public static boolean is(byte[] signed) {
    return signed.length > 0 && (signed[0] & 0xFF) == TAG;
  }

  /**
   * What an operator signs: made of the order's own fields, so that who shows these signs these.
   *
   * @param keyId the operator's
   * @param meterTitle the meter's system title, 8 bytes
   * @param at when it is signed; whole seconds
   * @throws CommandException where no single request does what is ordered
   */
  public static byte[] toBeSigned(Order order, byte[] keyId, byte[] meterTitle, Instant at)
      throws CommandException {
    return parts(order, keyId, meterTitle, at, new byte[0]).toBeSigned();
  }

  private static Parts parts(
      Order order, byte[] keyId, byte[] meterTitle, Instant at, byte[] signature)
      throws CommandException {
    if (meterTitle.length != OperatorTitle.LENGTH) {
      throw new CommandException("the meter has no system title of 8 bytes");
    }
    String name = order.meter().value();
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
      throw new CommandException("the meter's name is not one of ASCII, which it could compare");
    }
    byte[] content =
        StandardRequest.of(order.action())
            .orElseThrow(() ->
                new CommandException(
                    "no single DLMS request does '" + order.action().word() + "'"));
    byte[] id = id(order);
    return new Parts(
        id,
        OperatorTitle.of(keyId),
        meterTitle.clone(),
        time(at),
        other(order, id),
        content,
        signature.clone());
  }

  private static byte[] time(Instant at) throws CommandException {
    try {
      return DlmsTime.of(at);
    } catch (DateTimeException e) {
      throw new CommandException("that is no time to sign at: " + at);
    }
  }

  private static byte[] id(Order order) {
    return java.nio.ByteBuffer.allocate(ID)
        .putLong(order.id().value().getMostSignificantBits())
        .putLong(order.id().value().getLeastSignificantBits())
        .array();
  }

  private static byte[] other(Order order, byte[] id) {
    return new Octets.Out()
        .raw(0x02, 5) // a structure of five
        .raw(0x11, VERSION) // unsigned
        .raw(0x09)
        .octets(id) // octet-string
        .raw(0x0A)
        .octets(order.meter().value().getBytes(StandardCharsets.US_ASCII)) // visible-string
        .raw(0x15)
        .seconds(order.notBefore().getEpochSecond()) // long64-unsigned
        .raw(0x15)
        .seconds(order.expires().getEpochSecond())
        .bytes();
  }

  /**
   * Puts a signature to its order, and checks it.
   *
   * @param signature r and s, 32 bytes each
   * @throws CommandException where it is not by that key over this order, or no single request does
   *     what is ordered
   */
  public static GeneralSigned of(
      Order order, PublicKey key, byte[] meterTitle, Instant at, byte[] signature)
      throws CommandException {
    Parts parts = parts(order, Signed.keyId(key), meterTitle, at, signature);
    parts.check(key);
    return new GeneralSigned(parts);
  }

  /** The APDU. */
  public byte[] bytes() {
    return parts.bytes();
  }

  /**
   * The message that bytes are. Nothing is verified yet.
   *
   * @throws CommandException where they are none
   */
  public static GeneralSigned parse(byte[] bytes) throws CommandException {
    return new GeneralSigned(Parts.parse(bytes));
  }

  /** The title of who signed it, as it says. */
  public byte[] operator() {
    return parts.originator().clone();
  }

  /** The title of the meter that it is for. */
  public byte[] meter() {
    return parts.recipient().clone();
  }

  /**
   * When it was signed, as it says.
   *
   * @throws CommandException where it names no time
   */
  public Instant at() throws CommandException {
    return DlmsTime.instant(parts.time());
  }

  /**
   * Requires that it is this order, whole and unchanged, for this meter and under this key.
   *
   * @throws CommandException where it is not
   */
  public void check(Order order, PublicKey key, byte[] meterTitle) throws CommandException {
    parts.check(key);
    Parts wanted = parts(order, Signed.keyId(key), meterTitle, at(), parts.signature());
    if (!Arrays.equals(wanted.toBeSigned(), parts.toBeSigned())) {
      throw new CommandException("what was signed is not this order");
    }
  }
}
