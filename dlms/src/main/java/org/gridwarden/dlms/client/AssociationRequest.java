package org.gridwarden.dlms.client;

import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.Conformance.Service;

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

  private final Acse.Mechanism mechanism;
  private final byte[] secret;
  private final Optional<AssociationCipher> cipher;
  private final boolean ciphered;
  private final Duration patience;

  private AssociationRequest(
      Acse.Mechanism mechanism,
      byte[] secret,
      Optional<AssociationCipher> cipher,
      boolean ciphered,
      Duration patience) {
    this.mechanism = mechanism;
    this.secret = secret;
    this.cipher = cipher;
    this.ciphered = ciphered;
    this.patience = patience;
  }

  /** As anybody: lowest level security. */
  public static AssociationRequest open() {
    return new AssociationRequest(
        Acse.Mechanism.NONE, new byte[0], Optional.empty(), false, Duration.ofSeconds(10));
  }

  /** With a password: low level security. Who listens learns it. */
  public static AssociationRequest password(byte[] password) {
    return new AssociationRequest(
        Acse.Mechanism.LLS, password.clone(), Optional.empty(), false, Duration.ofSeconds(10));
  }

  /** With GMAC proofs on both sides and every service ciphered: high level security 5. */
  public static AssociationRequest gmac(AssociationCipher cipher) {
    return new AssociationRequest(
        Acse.Mechanism.HLS_GMAC, new byte[0], Optional.of(cipher), true, Duration.ofSeconds(10));
  }

  /** The same, waiting so long for each answer. */
  public AssociationRequest withPatience(Duration longest) {
    return new AssociationRequest(mechanism, secret, cipher, ciphered, longest);
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

  boolean ciphered() {
    return ciphered;
  }

  Duration patience() {
    return patience;
  }

  Conformance conformance() {
    return WANTED;
  }

  @Override
  public String toString() {
    return "AssociationRequest[" + mechanism + (ciphered ? ", ciphered]" : "]");
  }
}
