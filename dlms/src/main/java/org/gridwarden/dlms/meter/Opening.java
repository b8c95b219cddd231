package org.gridwarden.dlms.meter;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.MethodNames;
import org.gridwarden.dlms.security.Protection;

/**
 * A client's AARQ and what the meter makes of it (IEC 62056-5-3, clause 9.3.2). One for each AARQ.
 */
final class Opening {
  private static final int CHALLENGE = 16;
  private static final int MAX_PDU = 2048;
  private static final int SMALLEST_PDU = 64;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Conformance BY_LOGICAL_NAMES =
      Conformance.of(
          Conformance.Service.GENERAL_PROTECTION,
          Conformance.Service.GENERAL_BLOCK_TRANSFER,
          Conformance.Service.ATTRIBUTE_0_WITH_SET,
          Conformance.Service.PRIORITY_MANAGEMENT,
          Conformance.Service.ATTRIBUTE_0_WITH_GET,
          Conformance.Service.BLOCK_TRANSFER_WITH_GET,
          Conformance.Service.BLOCK_TRANSFER_WITH_SET,
          Conformance.Service.BLOCK_TRANSFER_WITH_ACTION,
          Conformance.Service.MULTIPLE_REFERENCES,
          Conformance.Service.DATA_NOTIFICATION,
          Conformance.Service.ACCESS,
          Conformance.Service.GET,
          Conformance.Service.SET,
          Conformance.Service.SELECTIVE_ACCESS,
          Conformance.Service.EVENT_NOTIFICATION,
          Conformance.Service.ACTION);
  private static final Conformance BY_SHORT_NAMES =
      Conformance.of(
          Conformance.Service.GENERAL_PROTECTION,
          Conformance.Service.GENERAL_BLOCK_TRANSFER,
          Conformance.Service.READ,
          Conformance.Service.WRITE,
          Conformance.Service.UNCONFIRMED_WRITE,
          Conformance.Service.BLOCK_TRANSFER_WITH_GET,
          Conformance.Service.BLOCK_TRANSFER_WITH_SET,
          Conformance.Service.MULTIPLE_REFERENCES,
          Conformance.Service.INFORMATION_REPORT,
          Conformance.Service.DATA_NOTIFICATION,
          Conformance.Service.PARAMETERIZED_ACCESS);

  /** The answer, and what follows from it. */
  sealed interface Result {
    Acse.Aare answer();

    /** No association. */
    record Rejected(Acse.Aare answer) implements Result {}

    /** An association, at once. */
    record Accepted(Acse.Aare answer, Negotiated with) implements Result {}

    /** An association as soon as the client has proven itself. */
    record Proving(Acse.Aare answer, Negotiated with, HlsProver prover, HlsExchange exchange)
        implements Result {}
  }

  private final LogicalDevice device;
  private final Acse.Aarq aarq;

  private Opening(LogicalDevice device, Acse.Aarq aarq) {
    this.device = device;
    this.aarq = aarq;
  }

  /** What the meter makes of an AARQ of a client that it knows, or does not. */
  static Result answer(LogicalDevice device, Optional<ClientAccess> access, Acse.Aarq aarq)
      throws DlmsException {
    Opening opening = new Opening(device, aarq);
    return access.isPresent()
        ? opening.allowed(access.get())
        : opening.rejected(Acse.Aare.NO_REASON);
  }

  private Result allowed(ClientAccess access) throws DlmsException {
    if (aarq.context().ciphered() != access.ciphered()) {
      return rejected(Acse.Aare.CONTEXT_NOT_SUPPORTED);
    }
    if (aarq.mechanism() != access.mechanism()) {
      return rejected(
          aarq.mechanism() == Acse.Mechanism.NONE
              ? Acse.Aare.AUTHENTICATION_REQUIRED
              : Acse.Aare.MECHANISM_NOT_RECOGNISED);
    }
    byte[] shown = aarq.authentication().bytes();
    if (access.mechanism() == Acse.Mechanism.LLS
        && !MessageDigest.isEqual(shown, access.password())) {
      return rejected(Acse.Aare.AUTHENTICATION_FAILED);
    }
    ClientAccess.Credentials credentials = access.credentials();
    Apdu user = Apdus.decode(aarq.userInformation().bytes());
    if (!titled(credentials)) {
      return rejected(Acse.Aare.AUTHENTICATION_FAILED);
    }
    if (credentials.cipher().isPresent()) {
      try {
        user = credentials.cipher().get().openProof(user);
      } catch (DlmsException e) {
        return rejected(Acse.Aare.AUTHENTICATION_FAILED);
      }
    }
    return user instanceof Initiate.Request initiate
        ? initiated(credentials, initiate)
        : rejected(Acse.Aare.NO_REASON);
  }

  /** Whether the client says its title, where protection or proofs are about it. */
  private boolean titled(ClientAccess.Credentials credentials) {
    boolean needed =
        credentials.titled().isPresent()
            || credentials.prover().map(HlsProver::needsTitles).orElse(false);
    if (!needed) {
      return true;
    }
    if (aarq.callingTitle().length() != 8
        || aarq.callingTitle().equals(DlmsData.OctetString.of(device.systemTitle()))) {
      return false;
    }
    try {
      if (credentials.titled().isPresent()) {
        credentials.titled().get().peerTitle(aarq.callingTitle().bytes());
      }
      return true;
    } catch (DlmsException e) {
      return false;
    }
  }

  private Result initiated(ClientAccess.Credentials credentials, Initiate.Request initiate)
      throws DlmsException {
    if (initiate.version() < Initiate.VERSION) {
      return failed(new Initiate.ServiceError(1, 6, 1));
    }
    if (initiate.maxPdu() != 0 && initiate.maxPdu() < SMALLEST_PDU) {
      return failed(new Initiate.ServiceError(1, 6, 3));
    }
    if (credentials.cipher().isEmpty() && initiate.dedicatedKey().length() > 0) {
      return rejected(Acse.Aare.CONTEXT_NOT_SUPPORTED);
    }
    boolean shortNames = !aarq.context().logicalName();
    Negotiated with =
        new Negotiated(
            credentials.cipher(),
            (shortNames ? BY_SHORT_NAMES : BY_LOGICAL_NAMES).and(initiate.conformance()),
            shortNames,
            initiate.maxPdu() == 0 ? MAX_PDU : Math.min(MAX_PDU, initiate.maxPdu()),
            MAX_PDU);
    if (credentials.prover().isEmpty()) {
      Acse.Aare answer = accepted(with, DlmsData.OctetString.EMPTY);
      return agreed(with, initiate)
          ? new Result.Accepted(answer, with)
          : rejected(Acse.Aare.AUTHENTICATION_FAILED);
    }
    HlsProver prover = credentials.prover().get();
    byte[] challenge = new byte[Math.max(CHALLENGE, prover.shortestChallenge())];
    RANDOM.nextBytes(challenge);
    HlsExchange exchange =
        new HlsExchange(
            DlmsData.OctetString.of(device.systemTitle()),
            aarq.callingTitle(),
            DlmsData.OctetString.of(challenge),
            aarq.authentication());
    try {
      exchange.checkChallenge(prover.shortestChallenge());
    } catch (DlmsException e) {
      return rejected(Acse.Aare.AUTHENTICATION_FAILED);
    }
    Acse.Aare answer = accepted(with, exchange.ownChallenge());
    return agreed(with, initiate)
        ? new Result.Proving(answer, with, prover, exchange)
        : rejected(Acse.Aare.AUTHENTICATION_FAILED);
  }

  /**
   * From now on what was agreed upon holds: after the answer, which is still under the global key.
   */
  private static boolean agreed(Negotiated with, Initiate.Request initiate) {
    Optional<Protection> cipher = with.cipher();
    if (cipher.isEmpty()) {
      return true;
    }
    try {
      cipher.get().negotiated(with.conformance());
      cipher.get().dedicatedKey(initiate.dedicatedKey());
      return true;
    } catch (DlmsException e) {
      return false;
    }
  }

  /**
   * @param challenge empty where the client has nothing to prove any more
   */
  private Acse.Aare accepted(Negotiated with, DlmsData.OctetString challenge) throws DlmsException {
    Initiate.Response response =
        new Initiate.Response(
            -1,
            Initiate.VERSION,
            with.conformance(),
            MAX_PDU,
            with.shortNames() ? MethodNames.CURRENT_ASSOCIATION : Initiate.Response.LOGICAL_NAMES);
    boolean proving = challenge.length() > 0;
    return new Acse.Aare(
        aarq.context(),
        Acse.Aare.ACCEPTED,
        true,
        proving ? Acse.Aare.AUTHENTICATION_REQUIRED : 0,
        proving || with.cipher().isPresent()
            ? DlmsData.OctetString.of(device.systemTitle())
            : DlmsData.OctetString.EMPTY,
        proving ? aarq.mechanism() : Acse.Mechanism.NONE,
        challenge,
        DlmsData.OctetString.of(
            with.cipher().isPresent()
                ? with.cipher().get().protect(response)
                : Apdus.encode(response)));
  }

  private Result rejected(int diagnostic) {
    return rejected(diagnostic, DlmsData.OctetString.EMPTY);
  }

  private Result failed(Initiate.ServiceError why) {
    return rejected(Acse.Aare.NO_REASON, DlmsData.OctetString.of(Apdus.encode(why)));
  }

  private Result rejected(int diagnostic, DlmsData.OctetString userInformation) {
    return new Result.Rejected(
        new Acse.Aare(
            aarq.context(),
            Acse.Aare.REJECTED,
            true,
            diagnostic,
            DlmsData.OctetString.EMPTY,
            Acse.Mechanism.NONE,
            DlmsData.OctetString.EMPTY,
            userInformation));
  }
}
