package org.gridwarden.dlms.thirdparty;

import java.io.UncheckedIOException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.security.EllipticCurve;
import org.gridwarden.dlms.security.Signatures;
import org.gridwarden.dlms.security.ThirdParties;

/**
 * How a meter judges a request that a third party signed: by whom, for whom, within which time and
 * for the first time. One that is let in counts as used before anything of it is done: a power cut
 * in between loses the request, and never doubles it. Thread-safe.
 */
public final class SignedRequests implements ThirdParties {
  /** So far may a meter's clock and a third party's differ. */
  public static final Duration SKEW = Duration.ofMinutes(2);

  private final byte[] title;
  private final String name;
  private final EllipticCurve curve;
  private final Signatories signatories;
  private final TransactionMemory memory;
  private final InstantSource clock;

  /**
   * @param title the meter's system title, 8 bytes
   * @param name its logical device name, which requests have to call it by
   * @param curve of its security suite; a signature on another one is none
   * @param signatories whom it obeys
   * @param memory durable, where the meter may lose its power
   */
  public SignedRequests(
      byte[] title,
      String name,
      EllipticCurve curve,
      Signatories signatories,
      TransactionMemory memory,
      InstantSource clock) {
    this.title = title.clone();
    this.name = name;
    this.curve = curve;
    this.signatories = signatories;
    this.memory = memory;
    this.clock = clock;
  }

  @Override
  public void admit(GeneralSigning request) throws DlmsException {
    GeneralHeader header = request.header();
    if (!Arrays.equals(header.recipient().bytes(), title)) {
      throw refused("the request is for another meter");
    }
    ECPublicKey key =
        signatories
            .key(header.originator().bytes())
            .orElseThrow(() -> refused("nobody of that system title is obeyed"));
    byte[] content = request.content().bytes();
    Signatures.require(
        curve, key, request.signature().bytes(), GeneralSigning.toBeSigned(header, content));
    if (!(Apdus.decode(content) instanceof Service)) {
      throw refused("what was signed is no request");
    }
    OrderInformation says = OrderInformation.parse(header.other().bytes());
    if (!says.id().equals(header.transactionId())) {
      throw refused("the request has two ids");
    }
    if (!says.meter().equals(name)) {
      throw refused("the request is for a meter of another name");
    }
    Instant now = clock.instant();
    if (!now.isBefore(says.expires().plus(SKEW))) {
      throw refused("the request's time is over");
    }
    if (now.isBefore(says.notBefore().minus(SKEW))) {
      throw refused("the request's time has not come");
    }
    boolean first;
    try {
      first = memory.use(header.originator(), header.transactionId());
    } catch (UncheckedIOException e) {
      throw new DlmsException(
          DlmsException.Kind.UNSUPPORTED, 0, "the transaction cannot be kept in mind");
    }
    if (!first) {
      throw refused("the transaction came before");
    }
  }

  @Override
  public CosemDateTime now() {
    return CosemDateTime.of(clock.instant(), ZoneOffset.UTC);
  }

  private static DlmsException refused(String why) {
    return new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, why);
  }
}
