package org.gridwarden.dlms.meter;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.GmacProver;
import org.gridwarden.dlms.security.Protection;
import org.gridwarden.dlms.security.SecurityContext;

/** How one client number may associate, and what it may do then. Prints no secret; immutable. */
public final class ClientAccess {
  /**
   * What the meter needs for one association.
   *
   * @param cipher how APDUs are protected; empty where they are not
   * @param titled what has to know the client's title: also where only the proofs use keys
   * @param prover how the sides prove who they are; empty below high level security
   */
  record Credentials(
      Optional<Protection> cipher, Optional<Protection> titled, Optional<HlsProver> prover) {}

  private final Acse.Mechanism mechanism;
  private final boolean ciphered;
  private final byte[] password;
  private final Optional<Supplier<SecurityContext>> context;
  private final Optional<Supplier<HlsProver>> prover;
  private final Rights rights;
  private final Supplier<Optional<ClientAccess>> otherwise;
  private final Runnable whenOpen;
  private final Function<byte[], Rights> thirdParties;

  private ClientAccess(
      Acse.Mechanism mechanism,
      boolean ciphered,
      byte[] password,
      Optional<Supplier<SecurityContext>> context,
      Optional<Supplier<HlsProver>> prover,
      Rights rights) {
    this(
        mechanism,
        ciphered,
        password,
        context,
        prover,
        rights,
        Optional::empty,
        () -> {},
        _ -> Rights.NOTHING);
  }

  private ClientAccess(
      Acse.Mechanism mechanism,
      boolean ciphered,
      byte[] password,
      Optional<Supplier<SecurityContext>> context,
      Optional<Supplier<HlsProver>> prover,
      Rights rights,
      Supplier<Optional<ClientAccess>> otherwise,
      Runnable whenOpen,
      Function<byte[], Rights> thirdParties) {
    this.thirdParties = thirdParties;
    this.otherwise = otherwise;
    this.whenOpen = whenOpen;
    this.mechanism = mechanism;
    this.ciphered = ciphered;
    this.password = password;
    this.context = context;
    this.prover = prover;
    this.rights = rights;
  }

  /** Anybody. */
  public static ClientAccess open(Rights rights) {
    return new ClientAccess(
        Acse.Mechanism.NONE, false, new byte[0], Optional.empty(), Optional.empty(), rights);
  }

  /** Who knows a password. */
  public static ClientAccess password(byte[] password, Rights rights) {
    return new ClientAccess(
        Acse.Mechanism.LLS, false, password.clone(), Optional.empty(), Optional.empty(), rights);
  }

  /**
   * Who proves by a mechanism of high level security, 2, 3, 4, 6 or 7, that it is who it says.
   *
   * @param mechanism the only one that is taken
   * @param prover the meter's side, asked for each association
   */
  public static ClientAccess high(
      Acse.Mechanism mechanism, Supplier<HlsProver> prover, Rights rights) {
    return new ClientAccess(
        mechanism, false, new byte[0], Optional.empty(), Optional.of(prover), rights);
  }

  /**
   * Who proves by GMAC that it knows the keys, everything ciphered.
   *
   * @param context the meter's side, asked for each association
   */
  public static ClientAccess gmac(Supplier<SecurityContext> context, Rights rights) {
    return new ClientAccess(
        Acse.Mechanism.HLS_GMAC, true, new byte[0], Optional.of(context), Optional.empty(), rights);
  }

  /**
   * The same with every service protected. A client that asks for less is refused.
   *
   * @param with the meter's side, asked for each association
   */
  public ClientAccess ciphered(Supplier<SecurityContext> with) {
    return new ClientAccess(mechanism, true, password, Optional.of(with), prover, rights);
  }

  /** The same with services in the clear; the proofs stay. */
  public ClientAccess unciphered() {
    return new ClientAccess(mechanism, false, password, context, prover, rights);
  }

  /**
   * The same, and where it is refused another way to associate, if there is one then: other keys,
   * while a meter's keys change.
   */
  public ClientAccess or(Supplier<Optional<ClientAccess>> other) {
    return new ClientAccess(
        mechanism, ciphered, password, context, prover, rights, other, whenOpen, thirdParties);
  }

  /** The same, and what is run each time that a client has proven itself. */
  public ClientAccess whenOpen(Runnable run) {
    return new ClientAccess(
        mechanism, ciphered, password, context, prover, rights, otherwise, run, thirdParties);
  }

  /**
   * The same, carrying for third parties, whose requests its context lets in.
   *
   * @param their what each of them may do, by their system title
   */
  public ClientAccess thirdParties(Function<byte[], Rights> their) {
    return new ClientAccess(
        mechanism, ciphered, password, context, prover, rights, otherwise, whenOpen, their);
  }

  /** Another way to associate. */
  Optional<ClientAccess> otherwise() {
    return otherwise.get();
  }

  /** A client has proven itself. */
  void opened() {
    whenOpen.run();
  }

  Acse.Mechanism mechanism() {
    return mechanism;
  }

  /** Whether the application context is the one with ciphering. */
  boolean ciphered() {
    return ciphered;
  }

  byte[] password() {
    return password;
  }

  /** New ones for one association. */
  Credentials credentials() {
    Optional<Protection> own = context.map(Supplier::get).map(Protection::ofMeter);
    return new Credentials(
        ciphered ? own : Optional.empty(),
        own,
        mechanism == Acse.Mechanism.HLS_GMAC
            ? own.map(GmacProver::new)
            : prover.map(Supplier::get));
  }

  Rights rights() {
    return rights;
  }

  /** What a third party may do. */
  Rights thirdParty(byte[] title) {
    return thirdParties.apply(title);
  }

  @Override
  public String toString() {
    return "ClientAccess[" + mechanism + (ciphered ? ", ciphered]" : "]");
  }
}
