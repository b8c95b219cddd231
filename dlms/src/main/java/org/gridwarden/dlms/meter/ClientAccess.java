package org.gridwarden.dlms.meter;

import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.AssociationCipher;

/** How one client number may associate, and what it may do then. Prints no secret; immutable. */
public final class ClientAccess {
  private final Acse.Mechanism mechanism;
  private final byte[] password;
  private final Optional<Supplier<AssociationCipher>> cipher;
  private final Rights rights;

  private ClientAccess(
      Acse.Mechanism mechanism,
      byte[] password,
      Optional<Supplier<AssociationCipher>> cipher,
      Rights rights) {
    this.mechanism = mechanism;
    this.password = password;
    this.cipher = cipher;
    this.rights = rights;
  }

  /** Anybody. */
  public static ClientAccess open(Rights rights) {
    return new ClientAccess(Acse.Mechanism.NONE, new byte[0], Optional.empty(), rights);
  }

  /** Who knows a password. */
  public static ClientAccess password(byte[] password, Rights rights) {
    return new ClientAccess(Acse.Mechanism.LLS, password.clone(), Optional.empty(), rights);
  }

  /**
   * Who proves by GMAC that it knows the keys, everything ciphered.
   *
   * @param cipher the meter's side, a new one for each association
   */
  public static ClientAccess gmac(Supplier<AssociationCipher> cipher, Rights rights) {
    return new ClientAccess(Acse.Mechanism.HLS_GMAC, new byte[0], Optional.of(cipher), rights);
  }

  Acse.Mechanism mechanism() {
    return mechanism;
  }

  byte[] password() {
    return password;
  }

  Optional<AssociationCipher> cipher() {
    return cipher.map(Supplier::get);
  }

  Rights rights() {
    return rights;
  }

  @Override
  public String toString() {
    return "ClientAccess[" + mechanism + "]";
  }
}
