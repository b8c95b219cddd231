package org.gridwarden.dlms.client;

import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.Conformance.Service;
import org.gridwarden.dlms.HlsProver;

/**
 * What a client asks for when it opens an association. Immutable but for its cipher, which belongs
 * to one association; prints no secret.
 */
public final class AssociationRequest {
  private static final Conformance WANTED =
      Conformance.of(
          Service.BLOCK_TRANSFER_WITH_GET,
          Service.BLOCK_TRANSFER_WITH_SET,
          Service.BLOCK_TRANSFER_WITH_ACTION,
          Service.MULTIPLE_REFERENCES,
          Service.GET,
          Service.SET,
          Service.SELECTIVE_ACCESS,
          Service.ACTION);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Acse.Mechanism mechanism;
  private final byte[] secret;
  private final Optional<AssociationCipher> cipher;
  private final Optional<HlsProver> prover;
  private final Duration patience;

  private AssociationRequest(
      Acse.Mechanism mechanism,
      byte[] secret,
      Optional<AssociationCipher> cipher,
      Optional<HlsProver> prover,
      Duration patience) {
    this.mechanism = mechanism;
    this.secret = secret;
    this.cipher = cipher;
    this.prover = prover;
    this.patience = patience;
  }

  /** As anybody: lowest level security. */
  public static AssociationRequest open() {
    return new AssociationRequest(
        Acse.Mechanism.NONE, new byte[0], Optional.empty(), Optional.empty(), PATIENCE);
  }

  /** With a password: low level security. Who listens learns it. */
  public static AssociationRequest password(byte[] password) {
    return new AssociationRequest(
        Acse.Mechanism.LLS, password.clone(), Optional.empty(), Optional.empty(), PATIENCE);
  }

  /** With GMAC proofs on both sides and every service ciphered: high level security 5. */
  public static AssociationRequest gmac(AssociationCipher cipher) {
    return new AssociationRequest(
        Acse.Mechanism.HLS_GMAC, new byte[0], Optional.of(cipher), Optional.of(cipher), PATIENCE);
  }

  /** The same, waiting so long for each answer. */
  public AssociationRequest withPatience(Duration longest) {
    return new AssociationRequest(mechanism, secret, cipher, prover, longest);
  }

  Acse.Mechanism mechanism() {
    return mechanism;
  }

  byte[] secret() {
    return secret;
  }

  Optional<AssociationCipher> cipher() {
    return cipher;
  }

  Optional<HlsProver> prover() {
    return prover;
  }

  Duration patience() {
    return patience;
  }

  Conformance conformance() {
    return WANTED;
  }

  @Override
  public String toString() {
    return "AssociationRequest[" + mechanism + (cipher.isPresent() ? ", ciphered]" : "]");
  }
}
