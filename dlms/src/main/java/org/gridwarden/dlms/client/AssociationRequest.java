package org.gridwarden.dlms.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.Conformance.Service;
import org.gridwarden.dlms.HlsProver;

/**
 * What a client asks for when it opens an association. Immutable but for its cipher, which belongs
 * to one association; prints no secret.
 */
public final class AssociationRequest {
  private static final Conformance BY_LOGICAL_NAMES =
      Conformance.of(
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

  private final Acse.Mechanism mechanism;
  private final byte[] secret;
  private final Optional<AssociationCipher> cipher;
  private final Optional<HlsProver> prover;
  private final Options options;

  private AssociationRequest(
      Acse.Mechanism mechanism,
      byte[] secret,
      Optional<AssociationCipher> cipher,
      Optional<HlsProver> prover,
      Options options) {
    this.mechanism = mechanism;
    this.secret = secret;
    this.cipher = cipher;
    this.prover = prover;
    this.options = options;
  }

  /** As anybody: lowest level security. */
  public static AssociationRequest open() {
    return new AssociationRequest(
        Acse.Mechanism.NONE, new byte[0], Optional.empty(), Optional.empty(), Options.USUAL);
  }

  /** With a password: low level security. Who listens learns it. */
  public static AssociationRequest password(byte[] password) {
    return new AssociationRequest(
        Acse.Mechanism.LLS, password.clone(), Optional.empty(), Optional.empty(), Options.USUAL);
  }

  /** With GMAC proofs on both sides and every service ciphered: high level security 5. */
  public static AssociationRequest gmac(AssociationCipher cipher) {
    return new AssociationRequest(
        Acse.Mechanism.HLS_GMAC,
        new byte[0],
        Optional.of(cipher),
        Optional.of(cipher),
        Options.USUAL);
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
    return new AssociationRequest(mechanism, secret, cipher, prover, other);
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
    return "AssociationRequest[" + mechanism + (cipher.isPresent() ? ", ciphered]" : "]");
  }
}
