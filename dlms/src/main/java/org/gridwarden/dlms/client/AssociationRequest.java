package org.gridwarden.dlms.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
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
  private static final Conformance BY_LOGICAL_NAMES =
      Conformance.of(
          Service.GENERAL_PROTECTION,
          Service.GENERAL_BLOCK_TRANSFER,
          Service.ATTRIBUTE_0_WITH_SET,
          Service.PRIORITY_MANAGEMENT,
          Service.ATTRIBUTE_0_WITH_GET,
          Service.BLOCK_TRANSFER_WITH_GET,
          Service.BLOCK_TRANSFER_WITH_SET,
          Service.BLOCK_TRANSFER_WITH_ACTION,
          Service.MULTIPLE_REFERENCES,
          Service.DATA_NOTIFICATION,
          Service.ACCESS,
          Service.GET,
          Service.SET,
          Service.SELECTIVE_ACCESS,
          Service.EVENT_NOTIFICATION,
          Service.ACTION);

  private static final Conformance BY_SHORT_NAMES =
      Conformance.of(
          Service.GENERAL_PROTECTION,
          Service.GENERAL_BLOCK_TRANSFER,
          Service.READ,
          Service.WRITE,
          Service.UNCONFIRMED_WRITE,
          Service.BLOCK_TRANSFER_WITH_GET,
          Service.BLOCK_TRANSFER_WITH_SET,
          Service.MULTIPLE_REFERENCES,
          Service.INFORMATION_REPORT,
          Service.DATA_NOTIFICATION,
          Service.PARAMETERIZED_ACCESS);

  private static final int MAX_PDU = 0xFFFF;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * What does not depend on who asks.
   *
   * @param shortNames whether objects are named by short names
   * @param conformance the services that are proposed
   * @param maxPdu the greatest APDU that the client takes, in bytes
   * @param highPriority whether the meter is asked to do what is asked before other things
   * @param patience how long each answer is waited for
   * @param listener what hears what the meter says unasked
   */
  private record Options(
      boolean shortNames,
      Conformance conformance,
      int maxPdu,
      boolean highPriority,
      Duration patience,
      Consumer<Apdu> listener) {
    static final Options USUAL =
        new Options(false, BY_LOGICAL_NAMES, MAX_PDU, true, PATIENCE, _ -> {});
  }

  /**
   * Who asks, and how its services are protected.
   *
   * @param secret a password, or of length 0
   * @param title the client's system title, of 0 or 8 bytes
   * @param context the keys of protection and of proofs by GMAC
   * @param ciphered whether the services are protected, too
   * @param prover how the sides prove who they are, but for GMAC
   * @param protection one association's, once it is begun
   */
  @SuppressWarnings("ArrayRecordComponent") // copied on their way in
  private record Identity(
      Acse.Mechanism mechanism,
      byte[] secret,
      byte[] title,
      Optional<SecurityContext> context,
      boolean ciphered,
      Optional<HlsProver> prover,
      Optional<Protection> protection) {}

  private final Identity who;
  private final Options options;

  private AssociationRequest(Identity who, Options options) {
    this.who = who;
    this.options = options;
  }

  private static AssociationRequest of(
      Acse.Mechanism mechanism, byte[] secret, Optional<HlsProver> prover) {
    return new AssociationRequest(
        new Identity(
            mechanism, secret, new byte[0], Optional.empty(), false, prover, Optional.empty()),
        Options.USUAL);
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
  public AssociationRequest ciphered(SecurityContext context) {
    return with(
        new Identity(
            who.mechanism,
            who.secret,
            context.ownTitle(),
            Optional.of(context),
            true,
            who.prover,
            Optional.empty()));
  }

  /** The same with services in the clear; the proofs stay. */
  public AssociationRequest unciphered() {
    return with(
        new Identity(
            who.mechanism,
            who.secret,
            who.title,
            who.context,
            false,
            who.prover,
            Optional.empty()));
  }

  /** The same, telling the meter this system title of 8 bytes: some proofs are about it. */
  public AssociationRequest withTitle(byte[] systemTitle) {
    return with(
        new Identity(
            who.mechanism,
            who.secret,
            systemTitle.clone(),
            who.context,
            who.ciphered,
            who.prover,
            Optional.empty()));
  }

  /** The same for one association, with a protection of its own. */
  AssociationRequest begun() {
    Optional<Protection> own = who.context.map(Protection::ofClient);
    return with(
        new Identity(
            who.mechanism,
            who.secret,
            who.title,
            who.context,
            who.ciphered,
            who.mechanism == Acse.Mechanism.HLS_GMAC ? own.map(GmacProver::new) : who.prover,
            own));
  }

  private AssociationRequest with(Identity other) {
    return new AssociationRequest(other, options);
  }

  /** The same, waiting so long for each answer. */
  public AssociationRequest withPatience(Duration longest) {
    return with(
        new Options(
            options.shortNames,
            options.conformance,
            options.maxPdu,
            options.highPriority,
            longest,
            options.listener));
  }

  /** The same with objects named by short names; the usual services of these are proposed. */
  public AssociationRequest withShortNames() {
    return with(
        new Options(
            true,
            BY_SHORT_NAMES,
            options.maxPdu,
            options.highPriority,
            options.patience,
            options.listener));
  }

  /** The same, proposing these services and no others. */
  public AssociationRequest withConformance(Conformance proposed) {
    return with(
        new Options(
            options.shortNames,
            proposed,
            options.maxPdu,
            options.highPriority,
            options.patience,
            options.listener));
  }

  /**
   * The same, taking APDUs of so many bytes.
   *
   * @param bytes 64 to 65,535; less is a meter's to refuse
   */
  public AssociationRequest withMaxPdu(int bytes) {
    return with(
        new Options(
            options.shortNames,
            options.conformance,
            bytes,
            options.highPriority,
            options.patience,
            options.listener));
  }

  /**
   * The same, handing what the meter says unasked to a listener, on the thread that waits for an
   * answer: DataNotification, EventNotification, InformationReport. In a ciphered association only
   * what is protected as agreed.
   */
  public AssociationRequest withListener(Consumer<Apdu> listener) {
    return with(
        new Options(
            options.shortNames,
            options.conformance,
            options.maxPdu,
            options.highPriority,
            options.patience,
            listener));
  }

  /** The same with normal priority; where the meter does not manage priorities, all is normal. */
  public AssociationRequest withNormalPriority() {
    return with(
        new Options(
            options.shortNames,
            options.conformance,
            options.maxPdu,
            false,
            options.patience,
            options.listener));
  }

  private AssociationRequest with(Options other) {
    return new AssociationRequest(who, other);
  }

  Acse.Mechanism mechanism() {
    return who.mechanism;
  }

  byte[] secret() {
    return who.secret;
  }

  /** The client's system title, of 0 or 8 bytes. */
  byte[] title() {
    return who.title;
  }

  /** What protects the services; empty where they go in the clear. */
  Optional<Protection> cipher() {
    return who.ciphered ? who.protection : Optional.empty();
  }

  /** What has to know the meter's title: also where only the proofs use keys. */
  Optional<Protection> titled() {
    return who.protection;
  }

  Optional<HlsProver> prover() {
    return who.prover;
  }

  Duration patience() {
    return options.patience;
  }

  boolean shortNames() {
    return options.shortNames;
  }

  Conformance conformance() {
    return options.conformance;
  }

  int maxPdu() {
    return options.maxPdu;
  }

  boolean highPriority() {
    return options.highPriority;
  }

  Consumer<Apdu> listener() {
    return options.listener;
  }

  @Override
  public String toString() {
    return "AssociationRequest[" + who.mechanism + (who.ciphered ? ", ciphered]" : "]");
  }
}
