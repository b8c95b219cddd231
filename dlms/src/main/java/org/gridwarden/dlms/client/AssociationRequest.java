package org.gridwarden.dlms.client;

import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.Conformance.Service;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.security.GmacProver;
import org.gridwarden.dlms.security.Protection;
import org.gridwarden.dlms.security.SecurityContext;

/**
 * What a client asks for when it opens associations. Immutable but for the keys and counters behind
 * its ports; prints no secret.
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
  private final byte[] title;
  private final Optional<SecurityContext> context;
  private final boolean ciphered;
  private final Optional<HlsProver> prover;
  private final Optional<Protection> cipher;
  private final Duration patience;

  private AssociationRequest(
      Acse.Mechanism mechanism,
      byte[] secret,
      byte[] title,
      Optional<SecurityContext> context,
      boolean ciphered,
      Optional<HlsProver> prover,
      Optional<Protection> cipher,
      Duration patience) {
    this.mechanism = mechanism;
    this.secret = secret;
    this.title = title;
    this.context = context;
    this.ciphered = ciphered;
    this.prover = prover;
    this.cipher = cipher;
    this.patience = patience;
  }

  private static AssociationRequest of(
      Acse.Mechanism mechanism, byte[] secret, Optional<HlsProver> prover) {
    return new AssociationRequest(
        mechanism,
        secret,
        new byte[0],
        Optional.empty(),
        false,
        prover,
        Optional.empty(),
        PATIENCE);
  }

  /** As anybody: lowest level security. */
  public static AssociationRequest open() {
    return of(Acse.Mechanism.NONE, new byte[0], Optional.empty());
  }

  /** With a password: low level security. Who listens learns it. */
  public static AssociationRequest password(byte[] password) {
    return of(Acse.Mechanism.LLS, password.clone(), Optional.empty());
  }

  /**
   * With proofs on both sides: high level security 2, 3, 4, 6 or 7. Services go in the clear,
   * unless they are {@link #ciphered}.
   *
   * @param prover may be used for many associations, one after the other
   */
  public static AssociationRequest high(HlsProver prover) {
    return of(prover.mechanism(), new byte[0], Optional.of(prover));
  }

  /** With GMAC proofs on both sides and every service ciphered: high level security 5. */
  public static AssociationRequest gmac(SecurityContext context) {
    return of(Acse.Mechanism.HLS_GMAC, new byte[0], Optional.empty()).ciphered(context);
  }

  /** The same with every service protected, as the context says. */
  public AssociationRequest ciphered(SecurityContext with) {
    return new AssociationRequest(
        mechanism,
        secret,
        with.ownTitle(),
        Optional.of(with),
        true,
        prover,
        Optional.empty(),
        patience);
  }

  /** The same with services in the clear; the proofs stay. */
  public AssociationRequest unciphered() {
    return new AssociationRequest(
        mechanism, secret, title, context, false, prover, Optional.empty(), patience);
  }

  /** The same, telling the meter this system title of 8 bytes: some proofs are about it. */
  public AssociationRequest withTitle(byte[] systemTitle) {
    return new AssociationRequest(
        mechanism, secret, systemTitle.clone(), context, ciphered, prover, cipher, patience);
  }

  /** The same, waiting so long for each answer. */
  public AssociationRequest withPatience(Duration longest) {
    return new AssociationRequest(
        mechanism, secret, title, context, ciphered, prover, cipher, longest);
  }

  /** The same for one association, with a protection of its own. */
  AssociationRequest begun() {
    Optional<Protection> own = context.map(Protection::ofClient);
    return new AssociationRequest(
        mechanism,
        secret,
        title,
        context,
        ciphered,
        mechanism == Acse.Mechanism.HLS_GMAC ? own.map(GmacProver::new) : prover,
        own,
        patience);
  }

  Acse.Mechanism mechanism() {
    return mechanism;
  }

  byte[] secret() {
    return secret;
  }

  /** The client's system title, of 0 or 8 bytes. */
  byte[] title() {
    return title;
  }

  /** What protects the services; empty where they go in the clear. */
  Optional<Protection> cipher() {
    return ciphered ? cipher : Optional.empty();
  }

  /** What has to know the meter's title: also where only the proofs use keys. */
  Optional<Protection> titled() {
    return cipher;
  }

  Optional<HlsProver> prover() {
    return prover;
  }

  Duration patience() {
    return patience;
  }

  Conformance conformance() {
    boolean general = cipher().isPresent() && cipher().get().needsGeneral();
    return general
        ? new Conformance(WANTED.bits() | Conformance.of(Service.GENERAL_PROTECTION).bits())
        : WANTED;
  }

  @Override
  public String toString() {
    return "AssociationRequest[" + mechanism + (ciphered ? ", ciphered]" : "]");
  }
}
