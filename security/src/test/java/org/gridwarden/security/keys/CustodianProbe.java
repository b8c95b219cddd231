package org.gridwarden.security.keys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.OfficeKey;

/** In a process that finds a token by its environment: {@code LIBRARY ALIAS PIN FOLDER}. */
final class CustodianProbe {
  private CustodianProbe() {}

  public static void main(String[] arguments) throws Exception {
    Secret pin = new Secret(arguments[2].getBytes(StandardCharsets.US_ASCII));
    KeyCustodian custodian =
        KeyCustodian.open("pkcs11", Map.of("library", arguments[0], "alias", arguments[1]), pin);
    CustodianContract.check(custodian);
    if (((Pkcs11Custodian) custodian).handle().getEncoded() != null) {
      throw new AssertionError("the private key can be taken out");
    }
    Secret key = MasterWrap.fresh(16);
    MeterId meter = new MeterId("M1");
    try (OfficeKey office = OfficeKey.open(Path.of(arguments[3]), custodian)) {
      Wrapped shipped =
          new Wrapped(new byte[] {1}, KeyWrap.forShipment(office.publicKey(), key), new byte[0]);
      KeySet opened = office.open(meter, Purpose.DLMS_GLOBAL_UNICAST, shipped);
      if (!opened.encryption().equals(key)) {
        throw new AssertionError("another key came out");
      }
    }
    System.out.println("held");
  }
}
