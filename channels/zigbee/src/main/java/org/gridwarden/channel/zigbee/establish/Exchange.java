package org.gridwarden.channel.zigbee.establish;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.gridwarden.security.cbke.Agreement;
import org.gridwarden.security.cbke.CbkeException;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Ephemeral;
import org.gridwarden.security.cbke.ImplicitCertificate;
import org.gridwarden.security.cbke.Refusal;
import org.gridwarden.security.cbke.Suite;

/**
 * One exchange with one meter, from the side that is asked (07-5356, clause C.3.1.3.2): its
 * certificate, its ephemeral key, its proof, each answered by the office's own, and nothing out of
 * its turn. One thread at a time.
 */
final class Exchange {
  /** Within how many seconds the office has its ephemeral key, and its proof. */
  private static final int SECONDS = 5;

  private static final int HEADER = 4;
  private static final int PROOF = 16;

  /** The greatest time that a partner may ask for; above is no time. */
  private static final int LONGEST = 0xFE;

  private final Map<Suite, CbkeIdentity> identities;
  private final SecureRandom random;
  private final long device;
  private State state = new Idle();

  private sealed interface State {}

  private record Idle() implements State {}

  private record Shown(CbkeIdentity own, ImplicitCertificate its) implements State {}

  private record Waiting(Agreement agreement, Suite suite) implements State {}

  /**
   * @param identities the office's own, by their suites
   * @param device whose exchange it is, as the network says
   */
  Exchange(Map<Suite, CbkeIdentity> identities, SecureRandom random, long device) {
    this.identities = identities;
    this.random = random;
    this.device = device;
  }

  /**
   * Takes the meter's certificate.
   *
   * @return the office's
   */
  byte[] initiate(byte[] payload, Instant now) throws CbkeException {
    state = new Idle();
    if (payload.length < HEADER) {
      throw bad("its request has " + payload.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    int bits = in.getShort(0) & 0xFFFF;
    if (Integer.bitCount(bits) != 1) {
      throw bad("it asks for none, or for several suites");
    }
    CbkeIdentity own = Suite.of(bits).map(identities::get).orElse(null);
    if (own == null) {
      throw new CbkeException(
          Refusal.UNSUPPORTED_SUITE, "it asks for a suite that the office has no certificate of");
    }
    if ((payload[2] & 0xFF) > LONGEST || (payload[3] & 0xFF) > LONGEST) {
      throw bad("it asks for more time than there is");
    }
    ImplicitCertificate its =
        ImplicitCertificate.parse(own.suite(), Arrays.copyOfRange(payload, HEADER, payload.length));
    if (its.issuer() != own.certificate().issuer()) {
      throw new CbkeException(
          Refusal.UNKNOWN_ISSUER, "its certificate is by another authority: " + its);
    }
    if (its.subject() != device) {
      throw new CbkeException(
          Refusal.INVALID_CERTIFICATE, "it shows somebody else's certificate: " + its);
    }
    if (!its.holds(now)) {
      throw new CbkeException(Refusal.INVALID_CERTIFICATE, "its certificate does not hold now");
    }
    state = new Shown(own, its);
    return ByteBuffer.allocate(HEADER + own.suite().certificateLength())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) own.suite().number())
        .put((byte) SECONDS)
        .put((byte) SECONDS)
        .put(own.certificate().bytes())
        .array();
  }

  /**
   * Takes the meter's ephemeral key.
   *
   * @param before whether it was used before
   * @return the office's
   */
  byte[] ephemeral(byte[] payload, Predicate<byte[]> before) throws CbkeException {
    if (!(state instanceof Shown(CbkeIdentity own, ImplicitCertificate its))) {
      throw bad("it sends an ephemeral key out of its turn");
    }
    state = new Idle();
    if (payload.length != own.suite().pointLength()) {
      throw bad("its ephemeral key has " + payload.length + " bytes");
    }
    if (before.test(payload)) {
      throw bad("its ephemeral key was used before: somebody repeats an exchange");
    }
    Ephemeral fresh = Ephemeral.make(own.suite(), random);
    state = new Waiting(Agreement.asResponder(own, fresh, its, payload), own.suite());
    return fresh.point();
  }

  /** Takes the meter's proof; nothing of it is kept afterwards, whether it holds or not. */
  Step.Agreed confirm(byte[] payload) throws CbkeException {
    if (!(state instanceof Waiting(Agreement agreement, Suite suite))) {
      throw bad("it sends a proof out of its turn");
    }
    state = new Idle();
    if (payload.length != PROOF) {
      throw bad("its proof has " + payload.length + " bytes");
    }
    Agreement.confirm(agreement.initiatorProof(), payload);
    return new Step.Agreed(suite, agreement.linkKey(), agreement.responderProof());
  }

  private static CbkeException bad(String why) {
    return new CbkeException(Refusal.BAD_MESSAGE, why);
  }

  /** What a meter says as it ends it. */
  static String ended(byte[] payload) {
    Optional<Refusal> refusal =
        payload.length == 4 ? Refusal.of(payload[0] & 0xFF) : Optional.empty();
    return refusal.map(Enum::name).orElse("a reason of its own");
  }
}
