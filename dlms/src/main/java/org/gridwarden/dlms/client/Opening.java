package org.gridwarden.dlms.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * How a client's association comes about: AARQ, AARE and the proofs (IEC 62056-5-3, clause 9.3.2).
 */
final class Opening {
  private static final int CHALLENGE = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Opening() {}

  /**
   * Opens the association that is asked for.
   *
   * @return what the two sides agreed upon
   */
  static Initiate.Response open(Exchange exchange, AssociationRequest request)
      throws IOException, DlmsException, AssociationRefused {
    DlmsData.OctetString title =
        request
            .cipher()
            .map(cipher -> DlmsData.OctetString.of(cipher.ownTitle()))
            .orElse(DlmsData.OctetString.EMPTY);
    DlmsData.OctetString shown = DlmsData.OctetString.of(request.secret());
    if (request.mechanism().high()) {
      byte[] challenge = new byte[CHALLENGE];
      RANDOM.nextBytes(challenge);
      shown = DlmsData.OctetString.of(challenge);
    }
    Initiate.Request initiate =
        new Initiate.Request(
            DlmsData.OctetString.EMPTY,
            -1,
            Initiate.VERSION,
            request.conformance(),
            request.maxPdu());
    Apdu answer =
        exchange.associate(
            new Acse.Aarq(
                context(request),
                title,
                request.mechanism(),
                shown,
                DlmsData.OctetString.of(exchange.protect(initiate))));
    if (!(answer instanceof Acse.Aare aare)) {
      throw Exchange.unexpected("an association", answer);
    }
    if (aare.result() != Acse.Aare.ACCEPTED) {
      throw new AssociationRefused("the meter opens no association: " + aare.reason());
    }
    Optional<AssociationCipher> cipher = request.cipher();
    if (cipher.isPresent()) {
      cipher.get().peerTitle(aare.respondingTitle().bytes());
    }
    if (!(exchange.open(Apdus.decode(aare.userInformation().bytes()))
        instanceof Initiate.Response response)) {
      throw new AssociationRefused("the meter opens no association: it answers no initiate");
    }
    exchange.negotiated(response);
    if (request.prover().isPresent()) {
      prove(
          Referencing.of(exchange, request),
          request.prover().get(),
          new HlsExchange(title, aare.respondingTitle(), shown, aare.authentication()));
    }
    return response;
  }

  private static Acse.Context context(AssociationRequest request) {
    if (request.shortNames()) {
      return request.cipher().isPresent()
          ? Acse.Context.SHORT_NAME_CIPHERED
          : Acse.Context.SHORT_NAME;
    }
    return request.cipher().isPresent()
        ? Acse.Context.LOGICAL_NAME_CIPHERED
        : Acse.Context.LOGICAL_NAME;
  }

  /** Answers the meter's challenge, and checks its answer to ours. */
  private static void prove(Referencing services, HlsProver prover, HlsExchange challenges)
      throws IOException, DlmsException, AssociationRefused {
    challenges.checkChallenge();
    DlmsData proof = DlmsData.OctetString.of(prover.prove(challenges));
    Service.Invoked result = services.replyToHls(proof);
    if (!result.result().isSuccess()) {
      throw new AssociationRefused("the meter does not take our proof: " + result.result());
    }
    if (!(result.returned().orElse(null) instanceof Outcome.Value(DlmsData.OctetString theirs))) {
      throw new AssociationRefused("the meter does not prove that it knows the key");
    }
    prover.check(theirs.bytes(), challenges);
  }
}
