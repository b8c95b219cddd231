package org.gridwarden.dlms.meter;

import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.HlsProver;

/** How one client number may associate, and what it may do then. Prints no secret; immutable. */
public final class ClientAccess {
  /**
   * What the meter needs for one association.
   *
   * @param cipher how APDUs are protected; empty where they are not
   * @param prover how the sides prove who they are; empty below high level security
   */
  record Credentials(Optional<AssociationCipher> cipher, Optional<HlsProver> prover) {
    static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());
  }

  private final Acse.Mechanism mechanism;
  private final boolean ciphered;
  private final byte[] password;
  private final Supplier<Credentials> credentials;
  private final Rights rights;

  private ClientAccess(
      Acse.Mechanism mechanism,
      boolean ciphered,
      byte[] password,
      Supplier<Credentials> credentials,
      Rights rights) {
    this.mechanism = mechanism;
    this.ciphered = ciphered;
    this.password = password;
    this.credentials = credentials;
    this.rights = rights;
  }

  /** Anybody. */
  public static ClientAccess open(Rights rights) {
    return new ClientAccess(
        Acse.Mechanism.NONE, false, new byte[0], () -> Credentials.NONE, rights);
  }

  /** Who knows a password. */
  public static ClientAccess password(byte[] password, Rights rights) {
    return new ClientAccess(
        Acse.Mechanism.LLS, false, password.clone(), () -> Credentials.NONE, rights);
  }

  /**
   * Who proves by GMAC that it knows the keys, everything ciphered.
   *
   * @param cipher the meter's side, a new one for each association
   */
  public static ClientAccess gmac(Supplier<AssociationCipher> cipher, Rights rights) {
    return new ClientAccess(
        Acse.Mechanism.HLS_GMAC,
        true,
        new byte[0],
        () -> {
          AssociationCipher own = cipher.get();
          return new Credentials(Optional.of(own), Optional.of(own));
        },
        rights);
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
    return credentials.get();
  }

  Rights rights() {
    return rights;
  }

  @Override
  public String toString() {
    return "ClientAccess[" + mechanism + (ciphered ? ", ciphered]" : "]");
  }
}
